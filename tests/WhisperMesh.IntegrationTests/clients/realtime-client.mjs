// Speaks OpenAI's realtime transcription with the `openai` package, and message by message with `ws`; prints what came as one JSON
// document. usage: node realtime-client.mjs BASE_URL SPEECH_FOLDER
import net from 'node:net';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { WebSocket } from 'ws';
import { joined, mulaw, pcm16, resampled, samplesOf, silence, spoken } from './live-audio.mjs';

const [baseURL, speech] = process.argv.slice(2);
const address = new URL(baseURL);
const PATIENCE = 120000;
const COMPLETED = 'conversation.item.input_audio_transcription.completed';

// All events of a connection, and the wait for some of them.
function gather(subscribe) {
  const events = [];
  const waits = new Set();
  subscribe((event) => {
    events.push(event);
    waits.forEach((check) => check());
  });
  const until = (type, count = 1) => new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`no ${count} ${type} among ${JSON.stringify(events)}`)), PATIENCE);
    const check = () => {
      if (events.filter((event) => event.type === type).length >= count) {
        clearTimeout(limit);
        waits.delete(check);
        resolve();
      }
    };
    waits.add(check);
    check();
  });
  return { events, until };
}

// The package connects with TLS only; what is under test listens without, on loopback.
function openWithPackage() {
  const client = new OpenAI({ baseURL: baseURL.replace('http:', 'https:'), apiKey: 'none' });
  const options = { createConnection: () => net.connect({ host: address.hostname, port: address.port }) };
  const socket = new OpenAIRealtimeWS({ intent: 'transcription', options }, client);
  const errors = [];
  socket.on('error', (error) => errors.push({ message: error.message, ...error.error }));
  return { ...gather((add) => socket.on('event', add)), errors, send: (event) => socket.send(event), close: () => socket.close() };
}

function openPlain(headers = {}) {
  const socket = new WebSocket(`${baseURL.replace('http:', 'ws:')}/realtime?intent=transcription&model=whisper-1`, { headers });
  const gathered = gather((add) => socket.on('message', (message) => add(JSON.parse(message))));
  const closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
  return { ...gathered, closed, send: (event) => socket.send(JSON.stringify(event)), close: () => socket.close(1000) };
}

const append = (connection) => (audio) => connection.send({ type: 'input_audio_buffer.append', audio: audio.toString('base64') });
const input = (settings) => ({ type: 'session.update', session: { type: 'transcription', audio: { input: settings } } });
const result = {};

{
  const connection = openWithPackage();
  await connection.until('session.created');
  connection.send(input({ transcription: { model: 'whisper-1', language: 'en' }, turn_detection: { type: 'server_vad', silence_duration_ms: 600 } }));
  await connection.until('session.updated');
  const talk = joined(samplesOf(speech, 'en-vm-intro.wav'), silence(1.5), samplesOf(speech, 'en-vm-sorry.wav'), silence(1.5));
  await spoken(pcm16(resampled(talk, 24000)), 48000, append(connection));
  connection.send({ type: 'response.create', event_id: 'not-here' });
  await connection.until(COMPLETED, 2);
  await connection.until('error');
  connection.close();
  result.vad = { events: connection.events, errors: connection.errors };
}

{
  const connection = openPlain();
  await connection.until('session.created');
  connection.send(input({ format: { type: 'audio/pcmu' }, turn_detection: null, transcription: { language: 'en' } }));
  await connection.until('session.updated');
  connection.send({ type: 'input_audio_buffer.commit', event_id: 'empty' });
  await connection.until('error');
  await spoken(mulaw(resampled(samplesOf(speech, 'en-conf-onlyone.wav'), 8000)), 8000, append(connection));
  connection.send({ type: 'input_audio_buffer.commit' });
  await connection.until(COMPLETED);
  await spoken(mulaw(resampled(samplesOf(speech, 'en-vm-sorry.wav'), 8000)), 8000, append(connection));
  connection.send({ type: 'input_audio_buffer.clear' });
  await connection.until('input_audio_buffer.cleared');
  // Other settings, which another live session serves.
  connection.send(input({ format: { type: 'audio/pcm' }, transcription: { language: 'es' } }));
  await connection.until('session.updated', 2);
  await spoken(pcm16(resampled(samplesOf(speech, 'es-conf-onlyperson.wav'), 24000)), 48000, append(connection));
  connection.send({ type: 'input_audio_buffer.commit' });
  await connection.until(COMPLETED, 2);
  connection.close();
  result.manual = { events: connection.events, code: await connection.closed };
}

{
  const connection = openPlain({ 'OpenAI-Beta': 'realtime=v1' });
  await connection.until('transcription_session.created');
  connection.send({
    type: 'transcription_session.update',
    session: { input_audio_format: 'pcm16', turn_detection: null, include: ['item.input_audio_transcription.logprobs'] },
  });
  await connection.until('transcription_session.updated');
  await spoken(pcm16(resampled(samplesOf(speech, 'en-conf-onlyone.wav'), 24000)), 48000, append(connection));
  connection.send({ type: 'input_audio_buffer.commit' });
  await connection.until(COMPLETED);
  connection.close();
  result.beta = { events: connection.events, code: await connection.closed };
}

console.log(JSON.stringify(result));
