/**
 * The sound that the mesh has not acknowledged yet: kept so that a broken connection loses nothing. Bounded; what falls out of it
 * is lost to a later resume, which says so.
 */
export class Tail {
  #pieces = [];
  #begin = 0;
  #end = 0;
  #limit;

  /** @param {number} limit Most bytes that it keeps. */
  constructor(limit) {
    this.#limit = limit;
  }

  /** Position of the first byte kept. */
  get begin() {
    return this.#begin;
  }

  /** Position after the last byte. */
  get end() {
    return this.#end;
  }

  /** @param {ArrayBuffer} bytes */
  add(bytes) {
    this.#pieces.push({ at: this.#end, bytes });
    this.#end += bytes.byteLength;
    while (this.#end - this.#begin > this.#limit) {
      this.#drop();
    }
  }

  /** Forgets whole pieces before a position. */
  forget(position) {
    while (this.#pieces.length > 0 && this.#pieces[0].at + this.#pieces[0].bytes.byteLength <= position) {
      this.#drop();
    }
  }

  /** The pieces from a position on, the first cut where needed. */
  from(position) {
    return this.#pieces
      .filter(({ at, bytes }) => at + bytes.byteLength > position)
      .map(({ at, bytes }) => (at < position ? { at: position, bytes: bytes.slice(position - at) } : { at, bytes }));
  }

  #drop() {
    this.#pieces.shift();
    this.#begin = this.#pieces.length > 0 ? this.#pieces[0].at : this.#end;
  }
}
