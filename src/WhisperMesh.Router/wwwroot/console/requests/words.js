/** Seconds as people read them. */
export const seconds = (value) => (value === undefined ? "" : value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`);

/** A score with two places. */
export const score = (value) => (value === undefined ? "" : value.toFixed(2));

/** "low_confidence" as "low confidence". */
export const spaced = (word) => (word ?? "").replaceAll("_", " ");

/** How good a state, an outcome or a verdict is: for its colour, beside its word. */
export const kindOf = (word) => (
  ["served", "ok", "hit", "shared", "yes", "kept"].includes(word) ? "good"
    : ["failed", "died", "refused"].includes(word) ? "bad"
    : "warn");

/** Where the page of a request is. */
export const pageOf = (id) => `#/requests/${encodeURIComponent(id)}`;

export const moment = (time) => new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "medium" });
