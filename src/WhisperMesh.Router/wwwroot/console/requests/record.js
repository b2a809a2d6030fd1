import { el } from "../core/dom.js";
import { languageName } from "../core/choices.js";
import { badge, table } from "../core/tables.js";
import { picture } from "./picture.js";
import { kindOf, moment, score, seconds, spaced } from "./words.js";

/** All that is known of a request. */
export const recordOf = (record) => [
  ...head(record),
  ...picture(record),
  ...attempts(record),
  ...choices(record),
  ...judged(record),
  ...live(record),
  ...segments(record),
];

function head(record) {
  const facts = [
    ["State", el("span", {}, badge(record.state, kindOf(record.state)), ` after ${seconds(record.total_seconds)}`, record.slow ? " – slow" : "")],
    ["Asked for", wishes(record)],
    ["Came", `${moment(record.create_time)}, over ${record.protocol}${record.status ? `, status ${record.status}` : ""}`],
    ["Error", record.error ? `${record.error.message} (${record.error.reason}${record.error.field ? `, field ${record.error.field}` : ""})` : null],
    ["Route", record.route ? `${record.route.name} to ${record.route.worker_id}, ${record.route.model}: ${record.route.reason}` : record.route_name || null],
    ["Cache", record.cache ?? null],
    ["Audio", audio(record)],
    ["Language", language(record)],
    ["Text", record.segment_count > 0 ? `${record.segment_count} ${record.segment_count === 1 ? "piece" : "pieces"}, ${record.doubtful_count} doubtful` : null],
    ["Work", record.work ? work(record.work) : null],
    ["Versions", versions(record)],
    ["Session", record.session_id || null],
    ["Trace", record.trace_url ? el("a", { href: record.trace_url, target: "_blank", rel: "noopener" }, record.trace_id) : record.trace_id || null],
  ].filter(([, value]) => value !== null && value !== "");
  const notes = [...(record.route?.notes ?? []), ...record.warnings];
  return [
    el("dl", { class: "facts" }, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    notes.length === 0 ? null : el("ul", { class: "hint" }, ...notes.map((note) => el("li", {}, note))),
  ].filter((element) => element !== null);
}

const wishes = ({ operation, wishes: asked }) => [
  operation,
  asked?.model ? `model ${asked.model}` : "",
  asked?.voice ? `voice ${asked.voice}` : "",
  asked?.language_code ? `in ${languageName(asked.language_code)}` : "",
  asked?.language_codes?.length ? `in one of ${asked.language_codes.map(languageName).join(", ")}` : "",
  asked?.request_class ?? "",
  asked?.prompt_length ? `a prompt of ${asked.prompt_length} characters` : "",
  asked?.keyword_count ? `${asked.keyword_count} keywords` : "",
].filter((text) => text !== "").join(", ");

const audio = (record) => (record.audio_seconds === undefined ? null : [
  seconds(record.audio_seconds),
  record.speech_seconds === undefined ? "" : `${seconds(record.speech_seconds)} of it speech`,
  record.real_time_factor === undefined ? "" : `real-time factor ${record.real_time_factor.toFixed(3)}`,
].filter((text) => text !== "").join(", "));

const language = (record) => (record.language_probabilities.length > 0
  ? record.language_probabilities.map((each) => `${languageName(each.language_code)} ${score(each.probability)}`).join(", ")
  : record.language_code ? languageName(record.language_code) : null);

const work = (done) => `${done.window_count} windows, ${done.decoder_step_count} decoder steps with ${score(done.mean_row_count)} rows on average, `
  + `${done.token_count} tokens, ${done.fallback_count} decoded again`;

const versions = (record) => [
  `router ${record.router_version} (${record.router_id})`,
  record.worker_version ? `worker ${record.worker_version}` : "",
  record.model_revision ? `model revision ${record.model_revision}` : "",
].filter((text) => text !== "").join(", ");

const attempts = (record) => table(
  "Tries at workers",
  [["Try", "number"], ["For"], ["Worker"], ["Model"], ["Outcome"], ["Began", "number"], ["Took", "number"], ["Why it ended so"]],
  record.attempts.map((attempt, i) => [
    String(i + 1),
    attempt.purpose,
    attempt.worker_id + (attempt.external ? " (outside)" : ""),
    attempt.model,
    badge(attempt.outcome, kindOf(attempt.outcome)),
    seconds(attempt.start_seconds),
    seconds(attempt.attempt_seconds),
    [attempt.resume_seconds === undefined ? "" : `Went on from ${seconds(attempt.resume_seconds)} of the audio.`, attempt.detail].filter((text) => text !== "").join(" "),
  ]),
  "No worker was asked.");

const choices = (record) => record.choices.flatMap((choice, i) => [
  ...table(
    `Choice ${i + 1}, for ${choice.purpose}${choice.pool ? `, from ${choice.pool}` : ""}`,
    [["Worker"], ["Taken"], ["Why"], ["Predicted wait", "number"], ["Load", "number"], ["Seconds for one of audio", "number"]],
    choice.workers.map((worker) => [
      worker.worker_id,
      worker.chosen ? badge("yes", "good") : "no",
      worker.reason,
      seconds(worker.predicted_wait_seconds),
      worker.limit > 0 ? `${worker.active_count} of ${worker.limit}` : "",
      score(worker.seconds_per_audio_second),
    ]),
    "No worker was there."),
  ...choice.passed_over.map((why) => el("p", { class: "hint" }, `Passed over: ${why}`)),
  choice.left_out_count > 0 ? el("p", { class: "hint" }, `And ${choice.left_out_count} more workers.`) : null,
].filter((element) => element !== null));

const judged = (record) => (record.judged.length === 0 ? [] : table(
  "Results that were judged",
  [["For"], ["Worker"], ["Model"], ["Doubtful", "number"], ["Speech", "number"], ["Confidence", "number"], ["Doubts"], ["Given"]],
  record.judged.map((result) => [
    result.purpose, result.worker_id, result.model, seconds(result.doubtful_seconds), seconds(result.speech_seconds), score(result.confidence),
    result.doubts.map(spaced).join(", "), result.kept ? badge("kept", "good") : "no",
  ]),
  ""));

function live(record) {
  if (!record.live) {
    return [];
  }
  const { live: facts } = record;
  return [
    el("h2", {}, "Live"),
    el("p", {}, `${facts.utterance_count} utterances in ${facts.pass_count} passes. Words came ${seconds(facts.mean_lag_seconds)} late on average, `
      + `${seconds(facts.largest_lag_seconds)} at most. The client came back ${facts.resume_count} times.`),
    ...(facts.notes.length === 0 ? [] : [el("ul", {}, ...facts.notes.map((note) => el("li", {}, `${seconds(note.start_seconds)}: ${note.message}`)))]),
  ];
}

// Most meshes keep no text.
const hasText = (record) => record.segments.some((segment) => segment.text);

const segments = (record) => [
  ...(record.segments.length === 0 ? [] : table(
    "Scores by piece of text",
    [["From", "number"], ["To", "number"], ["Verdict"], ["Confidence", "number"], ["Log probability", "number"], ["No speech", "number"], ["Compression", "number"], ["Temperature", "number"], ["Tokens", "number"], ["Language"], ...(hasText(record) ? [["Text"]] : [])],
    record.segments.map((segment) => [
      seconds(segment.start_seconds),
      seconds((segment.start_seconds ?? 0) + (segment.segment_seconds ?? 0)),
      segment.verdict ? badge(spaced(segment.verdict), kindOf(segment.verdict)) : "",
      score(segment.confidence),
      score(segment.average_log_probability),
      score(segment.no_speech_probability),
      score(segment.compression_ratio),
      score(segment.temperature),
      String(segment.token_count),
      segment.language_code,
      ...(hasText(record) ? [segment.text] : []),
    ]),
    "")),
  ...(record.segments_left_out_count > 0 ? [el("p", { class: "hint" }, `The ${record.segments_left_out_count} surest pieces are left out.`)] : []),
];
