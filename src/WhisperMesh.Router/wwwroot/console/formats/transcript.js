import { cueTime } from "../core/times.js";

/**
 * A piece of a transcript: seconds, its text, and its words where they have times.
 * @typedef {{start: number, end: number, text: string, words?: {text: string, start: number, end: number}[]}} Cue
 */

const oneLine = (text) => text.replace(/\s+/g, " ").trim();

/** The cues that say anything. */
const spoken = (cues) => cues.filter((cue) => oneLine(cue.text) !== "");

const asText = (cues) => spoken(cues).map((cue) => `${oneLine(cue.text)}\n`).join("");

// An arrow in a cue's text would be read as another time line.
const asSrt = (cues) => spoken(cues)
  .map((cue, i) => `${i + 1}\n${cueTime(cue.start, ",")} --> ${cueTime(cue.end, ",")}\n${oneLine(cue.text).replaceAll("-->", "->")}\n\n`)
  .join("");

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const asVtt = (cues) => "WEBVTT\n\n" + spoken(cues)
  .map((cue) => `${cueTime(cue.start, ".")} --> ${cueTime(cue.end, ".")}\n${escaped(oneLine(cue.text))}\n\n`)
  .join("");

const asJson = (cues, about) => `${JSON.stringify({
  ...about,
  text: spoken(cues).map((cue) => oneLine(cue.text)).join(" "),
  segments: spoken(cues).map((cue, id) => ({
    id,
    start: cue.start,
    end: cue.end,
    text: oneLine(cue.text),
    ...(cue.words ? { words: cue.words.map((word) => ({ word: word.text, start: word.start, end: word.end })) } : {}),
  })),
}, null, 2)}\n`;

const FORMATS = {
  txt: { type: "text/plain", write: asText },
  srt: { type: "application/x-subrip", write: asSrt },
  vtt: { type: "text/vtt", write: asVtt },
  json: { type: "application/json", write: asJson },
};

/**
 * A transcript as a file's content.
 * @param {"txt"|"srt"|"vtt"|"json"} format
 * @param {Cue[]} cues
 * @param {object} about What the JSON tells beside the text, such as the language.
 */
export const write = (format, cues, about = {}) => FORMATS[format].write(cues, about);

export const typeOf = (format) => `${FORMATS[format].type};charset=utf-8`;
