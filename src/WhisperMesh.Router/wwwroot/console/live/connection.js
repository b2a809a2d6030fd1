import { address } from "../core/api.js";
import { currentKey } from "../core/key.js";
import { ofReply, unreachable } from "../core/problems.js";

const PROTOCOL = "whispermesh-live";

/**
 * One WebSocket to <c>/v1/live</c>: requests and events as JSON, samples as they are.
 */
export class Connection {
  #socket;
  #failure = null;

  /**
   * @param {object} config The first message.
   * @param {{event: (event: object) => void, closed: (problem: import("../core/problems.js").Problem) => void}} listener
   */
  constructor(config, listener) {
    const url = address("v1/live");
    url.protocol = url.protocol.replace("http", "ws");
    // A WebSocket of a browser has no headers of its own but this one.
    const protocols = currentKey() === null ? [PROTOCOL] : [PROTOCOL, `whispermesh-key.${currentKey()}`];
    this.#socket = new WebSocket(url, protocols);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => this.#send({ config });
    this.#socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.error) {
        this.#failure = ofReply(message.error.status ?? 503, message.error);
      } else {
        listener.event(message);
      }
    };
    this.#socket.onclose = () => listener.closed(this.#failure ?? unreachable());
  }

  /** Bytes that have not left this machine. */
  get waiting() {
    return this.#socket.bufferedAmount;
  }

  sendAudio(bytes) {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(bytes);
    }
  }

  /** All has been sent: the rest of the words comes. */
  complete() {
    this.#send({ complete: {} });
  }

  close() {
    this.#socket.close();
  }

  #send(message) {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(message));
    }
  }
}
