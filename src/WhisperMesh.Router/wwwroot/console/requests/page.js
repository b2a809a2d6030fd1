import { askJson } from "../core/api.js";
import { byId, el } from "../core/dom.js";
import { show } from "../core/problems.js";
import { badge, table } from "../core/tables.js";
import { recordOf } from "./record.js";
import { kindOf, moment, pageOf, seconds } from "./words.js";

const BEAT_MS = 2000;

let current = null;
let timer = null;

/** The page of requests: the latest of them, or all of one. */
export function setUpRequests() {
  byId("requests-filter").addEventListener("change", () => look());
  byId("requests-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const id = byId("requests-id").value.trim();
    if (id !== "") {
      location.hash = pageOf(id);
    }
  });
  byId("requests-again").addEventListener("click", () => look());
  return {
    title: "Requests",
    shown: (id) => {
      current = id ?? "";
      look();
    },
    hidden: () => {
      current = null;
      clearTimeout(timer);
    },
  };
}

async function look() {
  clearTimeout(timer);
  const id = current;
  byId("requests-list").hidden = id !== "";
  byId("requests-back").hidden = id === "";
  byId("requests-title").textContent = id === "" ? "Requests" : `Request ${id}`;
  try {
    const content = id === "" ? await list() : await record(id);
    if (id === current) {
      byId("requests-content").replaceChildren(...content);
      show(byId("requests-problem"), null);
    }
  } catch (error) {
    if (id === current) {
      byId("requests-content").replaceChildren();
      show(byId("requests-problem"), error);
    }
  }
}

async function list() {
  const state = byId("requests-filter").value;
  const { data } = await askJson(`v1/requests?limit=100${state === "" ? "" : `&state=${state}`}`);
  return table(
    "Latest requests",
    [["Request"], ["Came"], ["Asked for"], ["State"], ["Took", "number"], ["Audio", "number"], ["Model"], ["Worker"], ["Tries", "number"], ["Doubtful", "number"]],
    data.map((line) => [
      el("a", { href: pageOf(line.request_id) }, line.request_id),
      moment(line.create_time),
      line.operation,
      el("span", {}, badge(line.state, kindOf(line.state)), line.slow ? " slow" : "", line.error_reason ? ` ${line.error_reason}` : ""),
      seconds(line.total_seconds),
      seconds(line.audio_seconds),
      line.model,
      line.worker_id,
      String(line.attempt_count),
      line.segment_count > 0 ? `${line.doubtful_count} of ${line.segment_count}` : "",
    ]),
    state === "" ? "No request has come yet, or all are too long ago." : "None of that kind.");
}

async function record(id) {
  const found = await askJson(`v1/requests/${encodeURIComponent(id)}`);
  if (found.state === "running") {
    timer = setTimeout(look, BEAT_MS);
  }
  return recordOf(found);
}
