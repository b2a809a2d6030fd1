import { Source } from "../audio/source.js";
import { address, askJson } from "../core/api.js";
import { languagesOf } from "../core/choices.js";
import { byId } from "../core/dom.js";
import { askForKey } from "../core/key.js";
import { show } from "../core/problems.js";
import { save } from "../formats/save.js";
import { typeOf, write } from "../formats/transcript.js";
import { sampleRecording } from "../start/sample.js";
import { LiveSession } from "./session.js";
import { LiveView } from "./view.js";

let view;
let session = null;
let source = null;

/** The page of live captions. */
export function setUpLive() {
  view = new LiveView();
  byId("live-form").addEventListener("submit", (event) => {
    event.preventDefault();
    start();
  });
  byId("live-stop").addEventListener("click", stop);
  for (const button of document.querySelectorAll("[data-live-save]")) {
    button.addEventListener("click", () => keep(button.dataset.liveSave));
  }
  addEventListener("beforeunload", (event) => source !== null && event.preventDefault());
}

/** The session of this page, or null; for what looks on. */
export const currentSession = () => session;

function configOf(rate) {
  const languages = languagesOf(byId("live-languages").value);
  return {
    audioFormat: { encoding: "AUDIO_ENCODING_PCM_S16LE", sampleRateHz: rate, channelCount: 1 },
    latency: byId("live-latency").value,
    model: byId("live-model").value,
    captionName: byId("live-name").value.trim(),
    ...(languages.length === 1 ? { languageCode: languages[0] } : { languageCodes: languages }),
  };
}

async function start() {
  if (source !== null) {
    return;
  }
  setRunning(true);
  show(byId("live-problem"), null);
  try {
    languagesOf(byId("live-languages").value);
    source = await (byId("live-source").value === "sample" ? sampleRecording().then((file) => Source.recording(file)) : Source.microphone());
  } catch (error) {
    show(byId("live-problem"), error);
    setRunning(false);
    return;
  }
  view.clear();
  const config = configOf(source.sampleRateHz);
  session = new LiveSession(config, source.sampleRateHz * 2, {
    event: (event) => view.take(event),
    state: (state) => entered(state, config),
    failed,
  });
  source.listen((bytes, peak) => {
    session.add(bytes);
    view.level(peak);
    view.heard(session.heard);
  });
  source.ended.then(stop);
}

async function stop() {
  const stopped = source;
  source = null;
  if (stopped !== null) {
    await stopped.stop();
    view.level(0);
    session.complete();
  }
}

function entered(state, config) {
  view.state(state);
  if (state === "live" && config.captionName !== "") {
    showViewers(config.captionName);
  } else if (state === "ended") {
    byId("live-viewers").hidden = true;
    stop();
    setRunning(false);
  }
}

async function showViewers(name) {
  let link;
  try {
    // Where keys are asked for, it has what lets viewers in without one.
    link = (await askJson(`v1/captions/${name}/link`, { quiet: true })).page;
  } catch {
    link = `captions/${name}`;
  }
  const url = address(link.replace(/^\//, "")).href;
  byId("live-viewer-link").href = url;
  byId("live-viewer-link").textContent = url;
  byId("live-viewers").hidden = false;
}

async function failed(problem) {
  show(byId("live-problem"), problem);
  if (problem.status === 401 && (await askForKey(problem.message))) {
    show(byId("live-problem"), null);
    start();
  }
}

async function keep(format) {
  const cues = session?.transcript.cues() ?? [];
  if (format === "copy") {
    try {
      await navigator.clipboard.writeText(write("txt", cues));
      byId("live-saved").textContent = "Copied.";
    } catch {
      byId("live-saved").textContent = "The browser does not allow copying here. Select the text and copy it by hand.";
    }
    return;
  }
  const about = { language: session.transcript.language, duration: Number(session.heard.toFixed(3)) };
  save(`live.${format}`, new Blob([write(format, cues, about)], { type: typeOf(format) }));
  byId("live-saved").textContent = `Saved as live.${format}.`;
}

function setRunning(running) {
  byId("live-start").disabled = running;
  byId("live-stop").disabled = !running;
  for (const field of byId("live-form").querySelectorAll("select, input")) {
    field.disabled = running;
  }
  for (const button of document.querySelectorAll("[data-live-save]")) {
    button.disabled = session === null && !running;
  }
}
