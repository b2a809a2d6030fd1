// What the live clients share: recordings as samples of other rates and encodings, and sending them as if they were being spoken.
import fs from 'node:fs';
import path from 'node:path';

const WAV_HEADER = 44;
const RATE = 16000;

// The samples of a recording in a folder, 16 kHz, as numbers.
export function samplesOf(folder, name) {
  const bytes = fs.readFileSync(path.join(folder, name)).subarray(WAV_HEADER);
  return Int16Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(2 * i));
}

export const silence = (seconds) => new Int16Array(seconds * RATE);

export function joined(...parts) {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

// Linear interpolation is good enough for speech that is to be recognised.
export function resampled(samples, rate) {
  const length = Math.floor((samples.length * rate) / RATE);
  return Int16Array.from({ length }, (_, i) => {
    const at = (i * RATE) / rate;
    const left = Math.floor(at);
    const right = Math.min(left + 1, samples.length - 1);
    return Math.round(samples[left] + (samples[right] - samples[left]) * (at - left));
  });
}

export const pcm16 = (samples) => Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);

// ITU-T G.711 mu-law.
export function mulaw(samples) {
  return Buffer.from(Uint8Array.from(samples, (sample) => {
    const sign = sample < 0 ? 0x80 : 0;
    const magnitude = Math.min(Math.abs(sample), 32635) + 132;
    const exponent = 31 - Math.clz32(magnitude) - 7;
    const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
    return ~(sign | (exponent << 4) | mantissa) & 0xff;
  }));
}

export const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Hands audio over piece by piece, twice as fast as it was spoken.
export async function spoken(audio, bytesPerSecond, send) {
  const piece = bytesPerSecond / 10;
  for (let at = 0; at < audio.length; at += piece) {
    send(audio.subarray(at, at + piece));
    await wait(50);
  }
}
