import { el } from "./dom.js";

/** Something went wrong, told in words: what, and what to do next. */
export class Problem extends Error {
  constructor(title, advice, code = null, status = 0) {
    super(title);
    this.advice = advice;
    this.code = code;
    this.status = status;
  }
}

const ADVICE = {
  invalid_api_key: "Ask whoever runs the mesh for a key, then choose “API key” at the top of the page.",
  scope_missing: "Ask for a key that may do this, then choose “API key” at the top of the page.",
  no_worker: "A worker may just be starting: try again in a few seconds. The page Mesh shows who is there.",
  queue_full: "All workers are busy. Wait a little and try again.",
  worker_busy: "All workers are busy. Wait a little and try again.",
  rate_limit_exceeded: "This key has had its share for now. Wait a minute and try again.",
  insufficient_quota: "This key has used up its day's share. It comes back at midnight, UTC.",
  draining: "The router is being restarted. Try again in a few seconds.",
  audio_unreadable: "Check that it is a recording and plays elsewhere, or convert it to wav or mp3.",
  audio_too_large: "Cut it into shorter pieces.",
  audio_too_long: "Cut it into shorter pieces.",
  request_not_found: "Check the id, or look for the request in the list of the latest.",
  model_not_found: "Choose another model, or “the default”.",
  language_not_supported: "Choose another language, or leave the field empty to have it detected.",
};

/** The problem that an error reply of the API tells. */
export function ofReply(status, error) {
  const code = error?.code ?? null;
  const message = error?.message ?? `The mesh answered with status ${status}.`;
  const advice = ADVICE[code]
    ?? (status === 400 || status === 404 ? "Change what the message names and try again."
      : status === 413 ? "Send a smaller file."
      : status === 429 ? "Wait a little and try again."
      : status >= 500 ? "Try again in a few seconds. The page Mesh shows who is there."
      : "Try again.");
  return new Problem(message, advice, code, status);
}

export const unreachable = () => new Problem(
  "The router does not answer.",
  "Check that it runs and that you are connected, then try again. Nothing that you see here is lost.",
  "unreachable");

/** Any error as a problem. */
export function ofError(error) {
  if (error instanceof Problem) {
    return error;
  }
  console.error(error);
  return new Problem("Something went wrong in this page.", `Reload it and try again. (${error?.message ?? error})`);
}

/** Shows a problem in its place, and has it read out; null clears the place. */
export function show(place, error) {
  place.replaceChildren();
  if (error !== null) {
    const problem = ofError(error);
    place.append(el("div", { role: "alert", class: "problem" }, el("strong", {}, problem.message), el("p", {}, problem.advice)));
  }
}
