import { el } from "../core/dom.js";
import { bars } from "./bars.js";

const NAMES = {
  receive: "Coming in",
  queue: "Waiting for leave",
  route: "Routing",
  respond: "Reply going out",
};

const PARTS = [
  ["queued", "Waiting for a place", "wait"],
  ["audio_decoding", "Reading the audio", "work"],
  ["voice_detection", "Finding speech", "work"],
  ["language_detection", "Finding the language", "work"],
  ["features", "Features", "work"],
  ["model_queued", "Waiting for the model", "wait"],
  ["encoder", "Encoder", "work"],
  ["decoder", "Decoder", "work"],
  ["prefill", "of which prefill", "part"],
  ["alignment", "Word times", "work"],
  ["total", "From first to last", "way"],
];

/** Where the time of a request went. */
export function picture(record) {
  return [
    el("h2", { id: "request-time" }, "Where the time went"),
    bars("At the router", record.stages.map((stage) => atRouter(record, stage)), record.total_seconds),
    ...inWorker(record),
  ];
}

function atRouter(record, stage) {
  const attempt = record.attempts[stage.attempt - 1];
  return {
    name: attempt ? `Try ${stage.attempt} at ${attempt.worker_id}: ${attempt.outcome}` : NAMES[stage.name] ?? stage.name,
    start: stage.start_seconds ?? 0,
    length: stage.stage_seconds ?? 0,
    kind: attempt ? (attempt.outcome === "served" ? "work" : "lost") : stage.name === "queue" ? "wait" : "way",
  };
}

function inWorker(record) {
  const { timings, speech } = record;
  if (timings) {
    const told = PARTS.filter(([name]) => timings[`${name}_seconds`] !== undefined);
    const rows = told.map(([name, text, kind]) => ({ name: text, start: 0, length: timings[`${name}_seconds`], kind }));
    return rows.length === 0 ? [] : [bars(`In the worker ${record.worker_id}`, rows, timings.total_seconds ?? Math.max(...rows.map((row) => row.length)))];
  }
  if (speech?.total_seconds !== undefined) {
    return [bars(`In the worker ${record.worker_id}`, [
      { name: "Waiting for a place", start: 0, length: speech.queued_seconds ?? 0, kind: "wait" },
      { name: "To the first audio", start: 0, length: speech.time_to_first_audio_seconds ?? 0, kind: "work" },
      { name: "All of it", start: 0, length: speech.total_seconds, kind: "work" },
    ], speech.total_seconds)];
  }
  return [el("p", { class: "hint" }, "The worker told nothing of its own time.")];
}
