import { el } from "../core/dom.js";
import { seconds } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000;
const LEAST = 3; // What took no time is still to be seen.

/**
 * Stretches of time as a picture: a row each, with its name and its length in words beside the bar.
 * @param {{name: string, start: number, length: number, kind: string}[]} rows
 * @param {number} total What the whole width means, in seconds.
 */
export const bars = (title, rows, total) => el("figure", { class: "bars", "aria-labelledby": idOf(title) },
  el("figcaption", { id: idOf(title) }, title),
  el("ol", {}, ...rows.map((row) => el("li", {},
    el("span", { class: "name" }, row.name),
    el("span", { class: "length" }, seconds(row.length)),
    bar(row, total)))));

const idOf = (title) => `bars-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;

function bar({ start, length, kind }, total) {
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} 10`, preserveAspectRatio: "none", class: "bar", "aria-hidden": "true", focusable: "false" });
  const width = total > 0 ? Math.max(LEAST, (length / total) * WIDTH) : LEAST;
  const x = total > 0 ? Math.min(WIDTH - LEAST, (start / total) * WIDTH) : 0;
  svg.append(
    shape("rect", { x: 0, y: 0, width: WIDTH, height: 10, class: "ground" }),
    shape("rect", { x, y: 0, width: Math.min(width, WIDTH - x), height: 10, class: kind }));
  return svg;
}

function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, String(value));
  }
  return element;
}
