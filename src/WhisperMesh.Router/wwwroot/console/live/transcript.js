/** Seconds of a protobuf duration in JSON, such as "1.250s". */
export const seconds = (duration) => (duration ? Number.parseFloat(duration) : 0);

/** What has been said so far, and what it takes to go on with it elsewhere. */
export class Transcript {
  /** Utterances that are over, as cues. */
  finals = [];
  /** Words of the open utterance, which will not change. */
  words = [];
  language = "";

  /** The last place where the stream can go on; at first its beginning. */
  checkpoint = {};

  /** @param {object} event One of the mesh's events. */
  take(event) {
    if (event.update) {
      this.words.push(...(event.update.words ?? []));
      this.language = event.update.languageCode || this.language;
    } else if (event.final) {
      this.#end(event.final);
    }
  }

  /** All of it as cues, the open utterance too. */
  cues() {
    return this.words.length > 0 ? [...this.finals, cueOf(this.words, joined(this.words))] : this.finals;
  }

  #end({ segment, checkpoint }) {
    if (segment?.text) {
      this.finals.push(cueOf(segment.words?.length > 0 ? segment.words : this.words, segment.text, segment));
      this.language = segment.languageCode || this.language;
    }
    this.words = [];
    this.checkpoint = checkpoint ?? this.checkpoint;
  }
}

function cueOf(words, text, segment = null) {
  const timed = words.map((word) => ({ text: word.text.trim(), start: seconds(word.startOffset), end: endOf(word.startOffset, word.wordDuration) }));
  return {
    start: timed[0]?.start ?? seconds(segment?.startOffset),
    end: timed.at(-1)?.end ?? endOf(segment?.startOffset, segment?.segmentDuration),
    text: text.trim(),
    words: timed,
  };
}

const endOf = (start, duration) => Number((seconds(start) + seconds(duration)).toFixed(3));

/** Words as text. */
export const joined = (words) => words.map((word) => word.text).join("").trim();
