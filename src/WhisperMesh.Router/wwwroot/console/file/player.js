import { wantsCalm } from "../core/dom.js";

/** Lets the words follow the recording. */
export class Player {
  #audio;
  #segments = [];
  #follow;
  #current = null;
  #url = null;

  constructor(audio, follow) {
    this.#audio = audio;
    this.#follow = follow;
    audio.addEventListener("play", () => this.#run());
    audio.addEventListener("seeked", () => this.#mark());
    audio.addEventListener("ended", () => this.#clear());
  }

  /** Seconds of the recording; null while that is not known. */
  get duration() {
    return Number.isFinite(this.#audio.duration) && this.#audio.duration > 0 ? this.#audio.duration : null;
  }

  load(file) {
    if (this.#url !== null) {
      URL.revokeObjectURL(this.#url);
    }
    this.#segments = [];
    this.#current = null;
    this.#url = URL.createObjectURL(file);
    this.#audio.src = this.#url;
  }

  add(segment) {
    this.#segments.push(segment);
  }

  /** Plays from there. */
  seek(seconds) {
    this.#audio.currentTime = seconds;
    // It may be a format that the mesh reads and the browser does not.
    this.#audio.play().catch(() => {});
  }

  #run() {
    this.#mark();
    if (!this.#audio.paused) {
      requestAnimationFrame(() => this.#run());
    }
  }

  #mark() {
    const time = this.#audio.currentTime;
    const segment = this.#segments.findLast((each) => each.cue.start <= time) ?? null;
    if (segment !== this.#current) {
      this.#clear();
      this.#current = segment;
      if (segment !== null && this.#follow.checked && !this.#audio.paused) {
        segment.element.scrollIntoView({ block: "center", behavior: wantsCalm() ? "auto" : "smooth" });
      }
    }
    segment?.mark(time);
  }

  #clear() {
    this.#current?.mark(null);
    this.#current = null;
  }
}
