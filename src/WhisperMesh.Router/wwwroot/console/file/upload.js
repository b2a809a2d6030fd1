import { address, keyHeaders, mayRetry } from "../core/api.js";
import { currentKey } from "../core/key.js";
import { Problem, ofReply, unreachable } from "../core/problems.js";
import { EventReader } from "../core/sse.js";

/**
 * Sends a file and hands on its transcript while it is made.
 * @param {{file: File, languages: string[], model: string}} wanted
 * @param {{sent: (share: number) => void, named: (id: string) => void, event: (event: object) => void}} listener
 * @param {AbortSignal} signal
 * @throws {Problem} Or the signal's own error.
 */
export async function transcribe(wanted, listener, signal) {
  for (;;) {
    const used = currentKey();
    try {
      return await send(form(wanted), listener, signal);
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401 && (await mayRetry(error, used)))) {
        throw error;
      }
    }
  }
}

function form({ file, languages, model }) {
  const fields = new FormData();
  fields.append("stream", "true");
  fields.append("timestamp_granularities[]", "segment");
  fields.append("timestamp_granularities[]", "word");
  if (model !== "") {
    fields.append("model", model);
  }
  if (languages.length === 1) {
    fields.append("language", languages[0]);
  } else {
    languages.forEach((language) => fields.append("languages[]", language));
  }
  fields.append("file", file, file.name);
  return fields;
}

// XMLHttpRequest, since fetch tells nothing of an upload's progress.
function send(body, listener, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const reader = new EventReader();
    let read = 0;
    let done = false;
    let failure = null;

    const name = () => {
      const id = request.getResponseHeader("x-request-id");
      if (id !== null && request.status !== 401 && request.status !== 403) {
        listener.named(id);
      }
    };

    const take = () => {
      if (request.status !== 200) {
        return;
      }
      const text = request.responseText.slice(read);
      read += text.length;
      for (const event of reader.add(text)) {
        done ||= event.type === "transcript.text.done";
        if (event.type === "error") {
          failure = ofReply(503, event.error);
        } else {
          listener.event(event);
        }
      }
    };

    request.open("POST", address("v1/audio/transcriptions"));
    Object.entries(keyHeaders()).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = (progress) => progress.lengthComputable && listener.sent(progress.loaded / progress.total);
    request.onprogress = take;
    request.onload = () => {
      name();
      take();
      if (request.status !== 200) {
        reject(ofReply(request.status, errorIn(request.responseText)));
      } else if (failure !== null || !done) {
        reject(failure ?? cutShort());
      } else {
        resolve();
      }
    };
    request.onerror = () => reject(read > 0 ? cutShort() : unreachable());
    request.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}

const cutShort = () => new Problem("The transcript broke off.", "What came before is kept. Choose “Transcribe” to do it again.");

function errorIn(text) {
  try {
    return JSON.parse(text).error;
  } catch {
    return null;
  }
}
