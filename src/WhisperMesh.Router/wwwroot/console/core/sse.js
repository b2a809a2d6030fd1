/** Reads server-sent events from text that comes in pieces; each event here is JSON on one data line. */
export class EventReader {
  #rest = "";

  /** @returns {object[]} The events that the text so far completes. */
  add(text) {
    this.#rest += text;
    const events = [];
    for (let end = this.#rest.indexOf("\n\n"); end >= 0; end = this.#rest.indexOf("\n\n")) {
      const block = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + 2);
      const data = block.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim()).join("\n");
      if (data !== "") {
        events.push(JSON.parse(data));
      }
    }
    return events;
  }
}
