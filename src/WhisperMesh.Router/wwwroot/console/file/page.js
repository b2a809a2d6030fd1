import { byId } from "../core/dom.js";
import { languageName, languagesOf } from "../core/choices.js";
import { Problem, show } from "../core/problems.js";
import { clock } from "../core/times.js";
import { save } from "../formats/save.js";
import { typeOf, write } from "../formats/transcript.js";
import { pageOf } from "../requests/words.js";
import { sampleRecording } from "../start/sample.js";
import { dropInto } from "./drop.js";
import { Player } from "./player.js";
import { Segment } from "./segment.js";
import { transcribe } from "./upload.js";

let player;
let file = null;
let segments = [];
let stopper = null;

/** The page of recorded files. */
export function setUpFile() {
  player = new Player(byId("file-audio"), byId("file-follow"));
  byId("file-input").addEventListener("change", (event) => choose(event.target.files[0]));
  dropInto(byId("file-drop"), (dropped) => choose(dropped));
  byId("file-form").addEventListener("submit", (event) => {
    event.preventDefault();
    run(async () => file ?? missing());
  });
  byId("file-sample").addEventListener("click", trySample);
  byId("file-stop").addEventListener("click", () => stopper?.abort(new Problem("Stopped.", "What came before is kept. Choose “Transcribe” to do it again.")));
  for (const button of document.querySelectorAll("[data-file-save]")) {
    button.addEventListener("click", () => keep(button.dataset.fileSave));
  }
}

/** Has the mesh speak, and transcribes what it said. */
export function trySample() {
  return run((signal) => {
    say("The mesh speaks …");
    return sampleRecording(signal);
  });
}

function choose(chosen) {
  if (chosen) {
    file = chosen;
    show(byId("file-problem"), null);
    say(`Chosen: ${chosen.name}, ${size(chosen.size)}.`);
  }
}

const missing = () => {
  throw new Problem("No file is chosen.", "Choose one, drop one on the field, or try the sample.");
};

async function run(recording) {
  if (stopper !== null) {
    return;
  }
  stopper = new AbortController();
  const { signal } = stopper;
  setBusy(true);
  show(byId("file-problem"), null);
  try {
    const languages = languagesOf(byId("file-languages").value);
    file = await recording(signal);
    begin(file);
    const started = performance.now();
    await transcribe({ file, languages, model: byId("file-model").value }, { sent, named, event: take }, signal);
    say(summary((performance.now() - started) / 1000));
  } catch (error) {
    say(segments.length > 0 ? "Not whole." : "");
    show(byId("file-problem"), signal.aborted ? signal.reason : error);
  } finally {
    stopper = null;
    setBusy(false);
  }
}

function begin(recording) {
  segments = [];
  byId("file-segments").replaceChildren();
  byId("file-request").hidden = true;
  byId("file-result").hidden = false;
  player.load(recording);
  byId("file-progress").hidden = false;
  say(`Sending ${recording.name} …`);
}

function sent(share) {
  byId("file-progress").value = share;
  if (share === 1) {
    byId("file-progress").removeAttribute("value"); // How far the mesh is, the first segment tells.
    say("Sent. The mesh listens …");
  }
}

// Failed or not: its page says why it was slow, or wrong.
function named(id) {
  byId("file-request").hidden = false;
  byId("file-request-link").href = pageOf(id);
}

function take(event) {
  if (event.type !== "transcript.text.segment") {
    return;
  }
  const segment = new Segment(event, (seconds) => player.seek(seconds));
  segments.push(segment);
  player.add(segment);
  byId("file-segments").append(segment.element);
  if (player.duration !== null) {
    byId("file-progress").value = Math.min(1, event.end / player.duration);
    say(`Heard ${clock(event.end)} of ${clock(player.duration)} …`);
  }
}

function summary(seconds) {
  if (segments.length === 0) {
    return "Nobody speaks in this recording.";
  }
  const length = player.duration ?? segments.at(-1).cue.end;
  const names = [...new Set(segments.map((segment) => segment.language))].map(languageName).join(", ");
  return `Done: ${clock(length)} of ${names} in ${seconds.toFixed(1)} seconds.`;
}

function keep(format) {
  const cues = segments.map((segment) => segment.cue);
  const about = { language: segments[0]?.language ?? "", duration: player.duration, corrected: segments.some((segment) => segment.isCorrected) };
  save(`${(file?.name ?? "transcript").replace(/\.[^.]+$/, "")}.${format}`, new Blob([write(format, cues, about)], { type: typeOf(format) }));
}

function setBusy(busy) {
  byId("file-start").disabled = byId("file-sample").disabled = busy;
  byId("file-stop").disabled = !busy;
  if (!busy) {
    byId("file-progress").hidden = true;
    byId("file-progress").value = 0;
  }
}

const say = (text) => {
  byId("file-state").textContent = text;
};

const size = (bytes) => (bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);
