import { el } from "./dom.js";

/** A heading, and a table that scrolls by itself; where there are no rows, what to say instead. */
export function table(title, columns, rows, none, level = "h2") {
  const heading = `table-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
  return [
    el(level, { id: heading }, title),
    rows.length === 0 ? el("p", { class: "hint" }, none) : el("div", { class: "table", role: "region", tabindex: "0", "aria-labelledby": heading },
      el("table", { "aria-labelledby": heading },
        el("thead", {}, el("tr", {}, ...columns.map(([name, kind]) => el("th", { scope: "col", class: kind }, name)))),
        el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((cell, i) => el("td", { class: columns[i][1] }, cell))))))),
  ];
}

/** A word and a colour: never a colour alone. */
export const badge = (word, kind) => el("span", { class: `badge ${kind}` }, word);
