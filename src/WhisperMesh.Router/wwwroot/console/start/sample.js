import { ask } from "../core/api.js";

export const SAMPLE_TEXT = "Hello, and welcome. Every word of this was made by a voice on your own machines. "
  + "Now the mesh listens to it and writes down what it hears. "
  + "The train to the coast leaves at nine in the morning, from platform four.";

let made = null;

/** A recording that the mesh makes itself: so there is something to try before anything was recorded. */
export async function sampleRecording(signal) {
  made ??= await (await ask("v1/audio/speech", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ input: SAMPLE_TEXT, response_format: "wav" }),
    signal,
  })).blob();
  return new File([made], "sample.wav", { type: "audio/wav" });
}
