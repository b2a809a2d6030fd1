import { address } from "../core/api.js";
import { Problem } from "../core/problems.js";

// What the model hears; the browser resamples better and sooner than the mesh could.
const RATE_HZ = 16_000;

/**
 * Sound for the mesh: 16-bit mono samples in pieces of 50 ms, until it is stopped or ends by itself.
 */
export class Source {
  #context;
  #capture;
  #release = [];
  #flushed;

  constructor(context) {
    this.#context = context;
    this.sampleRateHz = context.sampleRate;
  }

  /** The microphone. */
  static async microphone() {
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new Problem(
        "This page may not use a microphone.",
        "Browsers allow it only on localhost and over HTTPS: open the console by such an address.");
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    } catch (error) {
      throw microphoneProblem(error);
    }
    const release = () => stream.getTracks().forEach((track) => track.stop());
    try {
      return await Source.#open(release, (context) => context.createMediaStreamSource(stream), (ended) => {
        stream.getTracks()[0].addEventListener("ended", ended);
      });
    } catch (error) {
      release();
      throw error;
    }
  }

  /** A recording, as fast as it was spoken and to be heard meanwhile. */
  static recording(file) {
    return Source.#open(() => {}, async (context) => {
      const buffer = context.createBufferSource();
      try {
        buffer.buffer = await context.decodeAudioData(await file.arrayBuffer());
      } catch {
        throw new Problem("The recording can't be read.", "Try another one.");
      }
      buffer.connect(context.destination);
      return buffer;
    }, (ended, node) => {
      node.addEventListener("ended", ended);
      node.start();
    });
  }

  static async #open(release, makeNode, begin) {
    let context;
    let node;
    try {
      context = new AudioContext({ sampleRate: RATE_HZ });
      node = await makeNode(context);
    } catch (error) {
      await context?.close();
      if (error instanceof Problem) {
        throw error;
      }
      // Some browsers give a microphone's sound at its own rate only; the mesh takes any.
      context = new AudioContext();
      node = await makeNode(context);
    }
    await context.audioWorklet.addModule(address("console/audio/capture-worklet.js"));
    const source = new Source(context);
    source.#release.push(release);
    source.#capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0 });
    source.ended = new Promise((resolve) => begin(resolve, node));
    node.connect(source.#capture);
    await context.resume();
    return source;
  }

  /** @param {(bytes: ArrayBuffer, peak: number) => void} listener */
  listen(listener) {
    this.#flushed = new Promise((resolve) => {
      this.#capture.port.onmessage = ({ data }) => (data === null ? resolve() : listener(data.bytes, data.peak));
    });
  }

  /** Ends it; resolves when the last piece has been handed on. */
  async stop() {
    if (this.#context.state === "running" && this.#flushed) {
      this.#capture.port.postMessage("stop");
      await Promise.race([this.#flushed, new Promise((resolve) => setTimeout(resolve, 500))]);
    }
    this.#release.forEach((release) => release());
    await this.#context.close();
  }
}

function microphoneProblem(error) {
  switch (error.name) {
    case "NotAllowedError":
      return new Problem(
        "The microphone is not allowed.",
        "Allow it for this page: choose the icon before the address, or the system's privacy settings. Then choose “Start” again.");
    case "NotFoundError":
      return new Problem("There is no microphone.", "Plug one in, or choose “The sample” as the sound, and start again.");
    case "NotReadableError":
      return new Problem("The microphone can't be used now.", "Another program may have it: close that one and start again.");
    default:
      return new Problem("The microphone does not work.", `Choose another one in the browser's settings. (${error.name})`);
  }
}
