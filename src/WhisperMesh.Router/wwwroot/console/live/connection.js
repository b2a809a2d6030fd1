import { address, ask } from "../core/api.js";
import { currentKey } from "../core/key.js";
import { Problem, ofReply, unreachable } from "../core/problems.js";

const PROTOCOL = "whispermesh.live.v1";

// The mesh closes with it what another try would meet again.
const POLICY_VIOLATION = 1008;

// Any code that pages may use but the normal one, which means that all was sent.
const CUT = 4000;

/** One WebSocket to /v1/live: requests and events are JSON, samples binary. */
export class Connection {
  #socket;
  #opened = false;
  #failure = null;

  /**
   * @param {object} config The first message.
   * @param {{event: (event: object) => void, closed: (problem: Problem, final: boolean) => void}} listener
   */
  constructor(config, listener) {
    const url = address("v1/live");
    url.protocol = url.protocol.replace("http", "ws");
    // A WebSocket of a browser has no other header that a page can set.
    const protocols = currentKey() === null ? [PROTOCOL] : [PROTOCOL, `whispermesh-key.${currentKey()}`];
    this.#socket = new WebSocket(url, protocols);
    this.#socket.onopen = () => {
      this.#opened = true;
      this.#socket.send(JSON.stringify({ config }));
    };
    this.#socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.error) {
        this.#failure = ofReply(503, message.error);
      } else {
        listener.event(message);
      }
    };
    this.#socket.onclose = async ({ code }) => {
      if (this.#opened) {
        listener.closed(this.#failure ?? unreachable(), code === POLICY_VIOLATION);
      } else {
        const refusal = await whyRefused();
        listener.closed(refusal ?? unreachable(), refusal !== null);
      }
    };
  }

  /** @param {ArrayBuffer} bytes Samples. */
  sendAudio(bytes) {
    this.#send(bytes);
  }

  /** All has been sent: the rest of the words comes. */
  complete() {
    this.#send(JSON.stringify({ complete: {} }));
  }

  close() {
    this.#socket.close();
  }

  /** Leaves without the goodbye that ends a stream. */
  cut() {
    this.#socket.close(CUT);
  }

  #send(message) {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(message);
    }
  }
}

/** A browser does not tell why it got no WebSocket; a plain request to the same place does. Null: it is not the mesh that refuses. */
async function whyRefused() {
  try {
    await ask("v1/live", { quiet: true });
  } catch (problem) {
    return problem.status === 401 || problem.status === 403 ? problem : null;
  }
  return null;
}
