import { byId, el, keepAtEnd } from "../core/dom.js";
import { clock } from "../core/times.js";
import { languageName } from "../core/choices.js";
import { seconds } from "./transcript.js";

const STATES = {
  connecting: "Connecting …",
  live: "Live",
  broken: "Connection lost; trying again. Your words are kept.",
  ending: "Writing down the last words …",
  ended: "Ended",
};

/** What the page shows of a live session. */
export class LiveView {
  #paragraph = null;
  #text = "";

  // Stands after the words that stay, and is not read out: it may be another word in a moment.
  #tentative = el("span", { class: "tentative", "aria-hidden": "true" });

  clear() {
    this.#paragraph = null;
    byId("live-committed").replaceChildren();
    this.#showTentative("");
    byId("live-empty").hidden = false;
    byId("live-busy").hidden = true;
    byId("live-lag").textContent = "–";
    byId("live-language").textContent = "–";
    this.heard(0);
  }

  state(state) {
    byId("live-state").textContent = STATES[state];
    if (state === "ended") {
      this.#showTentative("");
      byId("live-busy").hidden = true;
    }
  }

  heard(total) {
    byId("live-heard").textContent = clock(total);
  }

  level(peak) {
    byId("live-level").value = peak;
  }

  take(event) {
    if (event.progress) {
      const lag = Math.max(0, seconds(event.progress.audioReceived) - seconds(event.progress.audioCommitted));
      byId("live-lag").textContent = `${lag.toFixed(1)} s`;
    }
    if (event.status) {
      this.#status(event.status);
    } else if (event.update) {
      this.#update(event.update);
    } else if (event.final) {
      this.#final(event.final);
    }
  }

  #update(update) {
    keepAtEnd(byId("live-captions"), () => {
      const words = update.words ?? [];
      if (words.length > 0) {
        this.#add(words.map((word) => word.text).join(""), words[0].startOffset);
      }
      this.#showTentative(update.tentativeText ?? "");
    });
    this.#language(update.languageCode);
  }

  #final({ segment }) {
    keepAtEnd(byId("live-captions"), () => {
      this.#showTentative("");
      const shown = this.#paragraph === null ? "" : this.#text.trim();
      const whole = segment?.text ?? "";
      // The last words may come with the end of the utterance alone.
      if (whole.length > shown.length && whole.startsWith(shown)) {
        this.#add(whole.slice(shown.length), segment.startOffset);
      }
      this.#paragraph = null;
    });
    this.#language(segment?.languageCode);
  }

  #add(text, offset) {
    byId("live-empty").hidden = true;
    if (this.#paragraph === null) {
      this.#paragraph = el("p", {}, el("time", {}, clock(seconds(offset))));
      this.#text = "";
      byId("live-committed").append(this.#paragraph);
    }
    this.#text += text;
    this.#tentative.remove();
    this.#paragraph.append(text);
  }

  #showTentative(text) {
    this.#tentative.remove();
    this.#tentative.textContent = text;
    if (text !== "") {
      byId("live-empty").hidden = true;
      (this.#paragraph ?? byId("live-committed")).append(this.#tentative);
    }
  }

  #language(code) {
    if (code) {
      byId("live-language").textContent = languageName(code);
      byId("live-committed").lang = code;
    }
  }

  #status(status) {
    const busy = status.load === "LIVE_LOAD_BUSY";
    const notice = [
      busy ? "The machine is busy: words come later than usual." : "",
      status.message ?? "",
      status.lostAudio ? `${seconds(status.lostAudio).toFixed(1)} seconds of sound were lost to the text.` : "",
    ].filter((part) => part !== "").join(" ");
    byId("live-busy").textContent = notice;
    byId("live-busy").hidden = notice === "";
  }
}
