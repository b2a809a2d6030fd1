/** The element of an id that the page is sure to have. */
export const byId = (id) => document.getElementById(id);

/**
 * Makes an element. Children are elements or text, and text stays text: nothing that was said or sent is ever taken for markup.
 * Attributes that start with "on" are listeners; true gives an attribute without a value; false, null and undefined give none.
 */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      element.addEventListener(key.slice(2), value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Whether the person asked for less motion. */
export const wantsCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Scrolls a box to its end, unless the person has scrolled back to read. */
export function keepAtEnd(box, change) {
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 48;
  change();
  if (atEnd) {
    box.scrollTop = box.scrollHeight;
  }
}
