/* Runs on the audio thread: gathers sound as 16-bit mono samples in pieces of 50 ms, each with its loudest moment. */
class Capture extends AudioWorkletProcessor {
  #samples = new Int16Array(Math.round(sampleRate / 20));
  #count = 0;
  #peak = 0;
  #stopped = false;

  constructor() {
    super();
    this.port.onmessage = () => {
      // What is gathered goes too: the last word may be in it.
      this.#send();
      this.port.postMessage(null);
      this.#stopped = true;
    };
  }

  process([channels]) {
    if (channels.length > 0) {
      for (let i = 0; i < channels[0].length; i++) {
        let sample = 0;
        for (const channel of channels) {
          sample += channel[i] / channels.length;
        }
        this.#peak = Math.max(this.#peak, Math.abs(sample));
        this.#samples[this.#count++] = Math.max(-1, Math.min(1, sample)) * 32767;
        if (this.#count === this.#samples.length) {
          this.#send();
        }
      }
    }
    return !this.#stopped;
  }

  #send() {
    if (this.#count > 0) {
      const bytes = this.#samples.slice(0, this.#count).buffer;
      this.port.postMessage({ bytes, peak: this.#peak }, [bytes]);
      this.#count = 0;
      this.#peak = 0;
    }
  }
}

registerProcessor("capture", Capture);
