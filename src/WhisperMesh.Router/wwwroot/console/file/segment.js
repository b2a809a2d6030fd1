import { el } from "../core/dom.js";
import { clock } from "../core/times.js";
import { align } from "../formats/align.js";

const NOTES = {
  suspected_silence: "May be wrong: this sounds like silence.",
  suspected_loop: "May be wrong: the text repeats itself.",
  low_confidence: "May be wrong: this was hard to understand.",
  language_mismatch: "May be wrong: this sounds like another language.",
};

/** One segment of the transcript on the page: its time, its words to play from, and a field to correct it. */
export class Segment {
  #heard;
  #row;
  #words;
  #edit;
  #seek;

  /** @param {(seconds: number) => void} seek Plays from there. */
  constructor(event, seek) {
    this.#heard = { start: event.start, end: event.end, text: event.text.trim(), words: (event.words ?? []).map(plainWord) };
    this.cue = this.#heard;
    this.language = event.language;
    this.#seek = seek;
    this.#words = el("p", { class: "words", role: "group", "aria-label": `Words from ${clock(event.start)}`, onkeydown: (key) => this.#move(key) });
    this.#edit = el("button", { type: "button", class: "edit", "aria-label": `Correct the segment at ${clock(event.start)}`, onclick: () => this.#open() }, "Correct");
    const note = NOTES[event.whispermesh?.verdict];
    this.#row = el("li", {},
      el("button", { type: "button", class: "at", "aria-label": `Play from ${clock(event.start)}`, onclick: () => seek(event.start) }, clock(event.start)),
      this.#words,
      this.#edit,
      note ? el("p", { class: "note" }, note) : null);
    this.#draw();
  }

  get element() {
    return this.#row;
  }

  get isCorrected() {
    return this.cue !== this.#heard;
  }

  /** Marks the word that is spoken at this time; null marks none. Returns its element. */
  mark(time) {
    const index = time === null ? -1 : this.cue.words.findLastIndex((word) => word.start <= time);
    let marked = null;
    [...this.#words.querySelectorAll(".word")].forEach((button, i) => {
      button.classList.toggle("spoken", i === index);
      marked = i === index ? button : marked;
    });
    return marked;
  }

  #draw() {
    // One stop for the Tab key a segment; arrow keys move between its words.
    const buttons = this.cue.words.map((word, i) => el(
      "button", { type: "button", class: "word", tabindex: i === 0 ? "0" : "-1", onclick: () => this.#seek(word.start) }, word.text));
    this.#words.replaceChildren(...(buttons.length > 0 ? buttons.flatMap((button) => [button, " "]) : [this.cue.text]));
  }

  #move(key) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key.key];
    const all = [...this.#words.querySelectorAll(".word")];
    const to = key.key === "Home" ? all[0] : key.key === "End" ? all.at(-1) : all[all.indexOf(document.activeElement) + step];
    if (to) {
      key.preventDefault();
      all.forEach((button) => button.setAttribute("tabindex", button === to ? "0" : "-1"));
      to.focus();
    }
  }

  #open() {
    const field = el("textarea", {
      rows: "2",
      "aria-label": `Text from ${clock(this.cue.start)} to ${clock(this.cue.end)}. Control and Enter keeps it, Escape leaves it as it was.`,
      onkeydown: (key) => {
        if (key.key === "Enter" && (key.ctrlKey || key.metaKey)) {
          keep();
        } else if (key.key === "Escape") {
          this.#close(form);
        }
      },
    });
    field.value = this.cue.text;
    const keep = () => {
      this.#take(field.value);
      this.#close(form);
    };
    const form = el("div", { class: "editing" }, field, el("div", { class: "buttons" },
      el("button", { type: "button", class: "main", onclick: keep }, "Keep"),
      el("button", { type: "button", onclick: () => this.#close(form) }, "Cancel"),
      this.isCorrected ? el("button", { type: "button", onclick: () => { this.#take(this.#heard.text); this.#close(form); } }, "As it was heard") : null));
    this.#words.hidden = this.#edit.hidden = true;
    this.#words.after(form);
    field.focus();
  }

  #close(form) {
    form.remove();
    this.#words.hidden = this.#edit.hidden = false;
    this.#edit.focus();
  }

  #take(typed) {
    const text = typed.replace(/\s+/g, " ").trim();
    this.cue = text === this.#heard.text ? this.#heard : { ...this.#heard, text, words: align(this.#heard.words, text, this.#heard) };
    this.#edit.textContent = this.isCorrected ? "Corrected" : "Correct";
    this.#draw();
  }
}

const plainWord = (word) => ({ text: word.word.trim(), start: word.start, end: word.end });
