import { Problem } from "../core/problems.js";
import { Connection } from "./connection.js";
import { Tail } from "./tail.js";
import { Transcript } from "./transcript.js";

const TAIL_SECONDS = 180;
const RESUME_MS = 30_000;
const LAST_WORDS_MS = 20_000;
const PAUSES_MS = [200, 500, 1000, 2000, 4000];

/**
 * A live stream that outlives its connection: it goes on with its token, or at another router with the last checkpoint, the words
 * since and its own tail of sound.
 */
export class LiveSession {
  transcript = new Transcript();
  #config;
  #listener;
  #tail;
  #connection = null;
  #token = "";
  #lastEvent = 0;
  #sending = false;
  #completed = false;
  #over = false;
  #tries = 0;
  #lostAt = null;
  #timer = null;

  /**
   * @param {object} config The stream, without its way to resume.
   * @param {number} bytesPerSecond Of its samples.
   * @param {{event: Function, state: (state: "connecting"|"live"|"broken"|"ending"|"ended") => void, failed: (problem: Problem) => void}} listener
   */
  constructor(config, bytesPerSecond, listener) {
    this.#config = config;
    this.#listener = listener;
    this.#tail = new Tail(TAIL_SECONDS * bytesPerSecond);
    this.bytesPerSecond = bytesPerSecond;
    listener.state("connecting");
    this.#connect();
  }

  /** Sound that was taken in, in seconds. */
  get heard() {
    return this.#tail.end / this.bytesPerSecond;
  }

  add(bytes) {
    if (this.#over) {
      return;
    }
    this.#tail.add(bytes);
    if (this.#sending) {
      this.#connection.sendAudio(bytes);
    }
  }

  /** No more sound comes: waits for the last words. */
  complete() {
    if (this.#over || this.#completed) {
      return;
    }
    this.#completed = true;
    this.#listener.state("ending");
    if (this.#sending) {
      this.#connection.complete();
    }
    this.#timer = setTimeout(() => this.#fail(new Problem("The last words did not come.", "What came before is kept.")), LAST_WORDS_MS);
  }

  /** Breaks the connection, as a network would. */
  cut() {
    this.#connection?.cut();
  }

  #connect() {
    this.#sending = false;
    this.#connection = new Connection(this.#token === "" ? this.#config : { ...this.#config, resume: this.#resume() }, {
      event: (event) => this.#take(event),
      closed: (problem, final) => this.#broken(problem, final),
    });
  }

  #resume() {
    const { checkpoint, words } = this.transcript;
    return { token: this.#token, lastEventNumber: String(this.#lastEvent), checkpoint, words };
  }

  #take(event) {
    this.#lastEvent = Number(event.eventNumber ?? this.#lastEvent);
    this.transcript.take(event);
    this.#tail.forget(Number(event.progress?.acknowledgedPosition ?? 0));
    if (event.started) {
      this.#started(event.started);
    }
    this.#listener.event(event);
    if (event.summary) {
      this.#end();
    }
  }

  #started(started) {
    this.#token = started.resumeToken ?? "";
    this.#tries = 0;
    this.#lostAt = null;
    const position = Number(started.position ?? 0);
    if (position < this.#tail.begin) {
      this.#fail(new Problem(
        "The connection was away for too long.",
        "What was said is kept above. Choose “Start” to go on with a new one."));
      return;
    }
    this.#tail.from(position).forEach(({ bytes }) => this.#connection.sendAudio(bytes));
    this.#sending = true;
    this.#listener.state(this.#completed ? "ending" : "live");
    if (this.#completed) {
      this.#connection.complete();
    }
  }

  #broken(problem, final) {
    if (this.#over) {
      return;
    }
    this.#sending = false;
    this.#lostAt ??= performance.now();
    // Before the first start there is nothing to lose: the person is told at once.
    if (final || this.#token === "" || performance.now() - this.#lostAt > RESUME_MS) {
      this.#fail(problem);
      return;
    }
    this.#listener.state("broken");
    const pause = PAUSES_MS[Math.min(this.#tries++, PAUSES_MS.length - 1)];
    setTimeout(() => this.#over || this.#connect(), pause);
  }

  #fail(problem) {
    this.#end();
    this.#listener.failed(problem);
  }

  #end() {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#connection?.close();
    this.#listener.state("ended");
  }
}
