/** Plays 16-bit mono samples while they come. */
export class PcmPlayer {
  #context;
  #rate;
  #next = 0;
  #odd = new Uint8Array(0);
  #end;
  #ended = new Promise((resolve) => {
    this.#end = resolve;
  });

  constructor(sampleRateHz) {
    this.#rate = sampleRateHz;
    this.#context = new AudioContext();
  }

  /** @param {Uint8Array} bytes May end in the middle of a sample. */
  play(bytes) {
    const all = new Uint8Array(this.#odd.length + bytes.length);
    all.set(this.#odd);
    all.set(bytes, this.#odd.length);
    const count = all.length >> 1;
    this.#odd = all.slice(count * 2);
    if (count === 0) {
      return;
    }
    const view = new DataView(all.buffer);
    const buffer = this.#context.createBuffer(1, count, this.#rate);
    const samples = buffer.getChannelData(0);
    for (let i = 0; i < count; i++) {
      samples[i] = view.getInt16(i * 2, true) / 32768;
    }
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#context.destination);
    // A little ahead, so that a piece that comes late leaves no crack.
    this.#next = Math.max(this.#next, this.#context.currentTime + 0.05);
    source.start(this.#next);
    this.#next += buffer.duration;
  }

  /** Resolves when all is heard, or it was stopped. */
  async finished() {
    const left = this.#next - this.#context.currentTime;
    const timer = setTimeout(() => this.stop(), Math.max(0, left) * 1000);
    await this.#ended;
    clearTimeout(timer);
  }

  stop() {
    this.#end();
    if (this.#context.state !== "closed") {
      this.#context.close();
    }
  }
}
