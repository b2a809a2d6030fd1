import { ask } from "../core/api.js";
import { PcmPlayer } from "../audio/pcm-player.js";
import { wavOf } from "../audio/wav.js";
import { languageName } from "../core/choices.js";
import { byId, el } from "../core/dom.js";
import { modelsOf, onMesh } from "../core/mesh-state.js";
import { Problem, show } from "../core/problems.js";
import { save } from "../formats/save.js";

// What the mesh sends as pcm.
const PCM_RATE_HZ = 24_000;

let stopper = null;
let spoken = null;

/** The page that speaks. */
export function setUpSpeak() {
  byId("speak-speed").addEventListener("input", (event) => {
    byId("speak-speed-shown").textContent = `${Number(event.target.value)}×`;
  });
  byId("speak-form").addEventListener("submit", (event) => {
    event.preventDefault();
    speak();
  });
  byId("speak-stop").addEventListener("click", () => stopper?.abort(new Problem("Stopped.", "Choose “Speak” to hear it again.")));
  byId("speak-save").addEventListener("click", keep);
  onMesh(listVoices);
}

function listVoices(mesh) {
  const select = byId("speak-voice");
  const chosen = select.value;
  const voices = modelsOf(mesh, "synthesis").flatMap((model) => model.voices.map((voice) => ({ ...voice, model: model.id })));
  select.replaceChildren(
    el("option", { value: "" }, "The default"),
    ...voices.map((voice) => el("option", { value: `${voice.model}/${voice.id}`, title: voice.description }, `${voice.id} (${languageName(voice.language)})`)));
  select.value = [...select.options].some((option) => option.value === chosen) ? chosen : "";
}

function wanted() {
  const input = byId("speak-text").value.trim();
  if (input === "") {
    throw new Problem("There is nothing to say.", "Type a text first.");
  }
  const [model, voice] = byId("speak-voice").value.split("/");
  return { input, speed: Number(byId("speak-speed").value), ...(voice ? { model, voice } : {}) };
}

const request = (wish, format, signal) => ask("v1/audio/speech", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ ...wish, response_format: format }),
  signal,
});

async function speak() {
  if (stopper !== null) {
    return;
  }
  stopper = new AbortController();
  const { signal } = stopper;
  setBusy(true);
  show(byId("speak-problem"), null);
  // Made at once, while the click allows sound.
  const player = new PcmPlayer(PCM_RATE_HZ);
  signal.addEventListener("abort", () => player.stop());
  try {
    const wish = wanted();
    const started = performance.now();
    say("The mesh speaks …");
    const response = await request(wish, "pcm", signal);
    const pieces = [];
    let first = null;
    for (const reader = response.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) {
        break;
      }
      first ??= performance.now();
      pieces.push(value);
      player.play(value);
    }
    finish(wish, pieces, (first - started) / 1000);
    await player.finished();
  } catch (error) {
    player.stop();
    say("");
    show(byId("speak-problem"), signal.aborted ? signal.reason : error);
  } finally {
    stopper = null;
    setBusy(false);
  }
}

function finish(wish, pieces, wait) {
  const wav = wavOf(pieces, PCM_RATE_HZ);
  if (spoken !== null) {
    URL.revokeObjectURL(spoken.url);
  }
  spoken = { wish, wav, url: URL.createObjectURL(wav) };
  byId("speak-audio").src = spoken.url;
  byId("speak-result").hidden = false;
  const seconds = (wav.size - 44) / (2 * PCM_RATE_HZ);
  say(`${seconds.toFixed(1)} seconds of speech; the first sound came after ${wait.toFixed(1)} seconds.`);
}

async function keep() {
  const format = byId("speak-format").value;
  show(byId("speak-problem"), null);
  byId("speak-save").disabled = true;
  try {
    save(`speech.${format}`, format === "wav" ? spoken.wav : await (await request(spoken.wish, format)).blob());
  } catch (error) {
    show(byId("speak-problem"), error);
  } finally {
    byId("speak-save").disabled = false;
  }
}

function setBusy(busy) {
  byId("speak-start").disabled = busy;
  byId("speak-stop").disabled = !busy;
}

const say = (text) => {
  byId("speak-state").textContent = text;
};
