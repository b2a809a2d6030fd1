import { el } from "../core/dom.js";
import { languageName } from "../core/choices.js";
import { badge as wordBadge, table } from "../core/tables.js";
import { clock, since } from "../core/times.js";

const GOOD = new Set(["healthy", "serving", "ready", "up"]);
const BAD = new Set(["unhealthy", "ejected", "failed", "down"]);

const badge = (state) => wordBadge(state, GOOD.has(state) ? "good" : BAD.has(state) ? "bad" : "warn");

const number = (value) => value.toLocaleString("en");

function summary(mesh) {
  const recent = mesh.routers.map((router) => router.recent);
  const sum = (name) => recent.reduce((total, each) => total + each[name], 0);
  const waiting = mesh.routers.reduce((total, { waiting: w }) => total + w.live + w.interactive + w.bulk, 0);
  const facts = [
    ["Workers", number(mesh.workers.length)],
    ["At work", number(mesh.workers.reduce((total, worker) => total + worker.active, 0))],
    ["Waiting", number(waiting + mesh.workers.reduce((total, worker) => total + worker.waiting, 0))],
    ["Live sessions", number(mesh.live_sessions.length)],
    ["Served", number(sum("served"))],
    ["Failed", number(sum("failed"))],
    ["Refused", number(sum("refused"))],
  ];
  return [
    el("dl", { class: "summary" }, ...facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
    el("p", { class: "hint" }, `Served, failed and refused: requests of the last ${recent[0].seconds / 60} minutes.`),
  ];
}

const routers = (mesh) => table(
  "Routers",
  [["Router"], ["Health"], ["Redis"], ["Up for"], ["Waiting", "number"], ["Running", "number"], ["Served", "number"], ["Failed", "number"], ["Refused", "number"], ["Worker failures", "number"]],
  mesh.routers.map((router) => [
    el("span", {}, router.id, router.id === mesh.router ? " (this one)" : "", router.address ? el("span", { class: "hint" }, ` ${router.address}`) : null),
    el("span", {}, badge(router.health), ...router.problems.map((problem) => el("p", { class: "hint" }, problem))),
    badge(router.redis),
    since(router.started_at, mesh.time),
    number(router.waiting.live + router.waiting.interactive + router.waiting.bulk)
      + (router.waiting.oldest_seconds > 0 ? ` (${router.waiting.oldest_seconds} s)` : ""),
    number(router.running),
    number(router.recent.served),
    number(router.recent.failed),
    number(router.recent.refused),
    number(router.recent.worker_failures),
  ]),
  "");

const load = (worker) => el("div", { class: "load" },
  el("span", {}, `${worker.active} of ${worker.capacity}${worker.waiting > 0 ? `, ${worker.waiting} wait` : ""}`),
  el("meter", { min: "0", max: String(worker.capacity), high: String(worker.capacity * 0.8), value: String(worker.active), "aria-label": `Load of ${worker.id}` }));

const modelOn = (model) => el("p", {},
  model.id, " ", badge(model.state),
  model.state === "loading" ? ` ${Math.round(model.load_progress * 100)} %` : "",
  model.audio_seconds_per_second ? el("span", { class: "hint" }, ` ${model.audio_seconds_per_second.toFixed(1)} times real time`) : null,
  model.memory_bytes ? el("span", { class: "hint" }, ` ${Math.round(model.memory_bytes / 1_000_000)} MB`) : null,
  model.failure ? el("span", { class: "hint" }, ` ${model.failure}`) : null);

const workers = (mesh) => table(
  "Workers",
  [["Worker"], ["State"], ["Load"], ["Models"], ["Device"], ["Done", "number"], ["Audio", "number"], ["Up for"]],
  mesh.workers.map((worker) => [
    el("span", {}, worker.id, ...Object.entries(worker.labels ?? {}).map(([name, value]) => el("span", { class: "hint" }, ` ${name}=${value}`))),
    badge(worker.state),
    load(worker),
    el("div", {}, ...worker.models.map(modelOn)),
    worker.device,
    number(worker.completed),
    clock(worker.audio_seconds),
    worker.started_at ? since(worker.started_at, mesh.time) : "",
  ]),
  "No worker is up. Start one: it announces itself, and appears here within seconds.");

const languages = (codes) => (codes.length > 6 ? `${codes.length} languages` : codes.map(languageName).join(", "));

const models = (mesh) => table(
  "Models",
  [["Model"], ["Does"], ["Also called"], ["Languages"], ["Voices"], ["Workers", "number"]],
  mesh.models.map((model) => [
    model.id,
    model.kind === "synthesis" ? "speaks" : "hears",
    model.aliases.join(", "),
    languages(model.languages),
    model.voices.map((voice) => voice.id).join(", "),
    number(model.workers),
  ]),
  "No model can be asked for.");

const sessions = (mesh) => table(
  "Live sessions",
  [["Session"], ["Whose"], ["State"], ["Lag", "number"], ["Heard", "number"], ["Language"], ["Worker"], ["Published as"]],
  mesh.live_sessions.map((session) => [
    session.id,
    session.tenant,
    badge(!session.connected ? "away" : session.worker === "" ? "waiting" : session.busy ? "busy" : "serving"),
    `${session.lag_seconds.toFixed(1)} s`,
    clock(session.received_seconds),
    session.language === "" ? "" : languageName(session.language),
    session.worker,
    session.caption_name,
  ]),
  mesh.operator ? "Nobody is live." : "You are not live. Other sessions are for operators to see.");

/** The mesh as tables. */
export const tablesOf = (mesh) => [...summary(mesh), ...sessions(mesh), ...workers(mesh), ...routers(mesh), ...models(mesh)];
