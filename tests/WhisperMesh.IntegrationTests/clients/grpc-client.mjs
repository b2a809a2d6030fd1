// Uses `@grpc/grpc-js` with our .proto files, nothing generated, and prints what came as one JSON document.
// usage: node grpc-client.mjs ADDRESS PROTO_FOLDER SPEECH_FOLDER
import fs from 'node:fs';
import path from 'node:path';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [address, protos, speech] = process.argv.slice(2);
const files = ['transcription', 'synthesis', 'models'].map((name) => `whispermesh/speech/v1/${name}.proto`);
const definition = loader.loadSync(files, { includeDirs: [protos], keepCase: true, enums: String, longs: Number, oneofs: true });
const { v1 } = grpc.loadPackageDefinition(definition).whispermesh.speech;
const open = (service) => new service(address, grpc.credentials.createInsecure());
const transcription = open(v1.TranscriptionService);
const synthesis = open(v1.SynthesisService);
const models = open(v1.ModelService);

const describe = (error) => ({ code: error.code, message: error.details, detailed: error.metadata.get('grpc-status-details-bin').length === 1 });

function gather(call) {
  const events = [];
  return new Promise((resolve) => {
    call.on('data', (event) => events.push(event));
    call.on('error', (error) => resolve({ events, error: describe(error) }));
    call.on('end', () => resolve({ events, error: null }));
  });
}

function transcribe(config, audio) {
  const call = transcription.StreamTranscribe();
  const done = gather(call);
  if (config) {
    call.write({ config });
  }
  for (let at = 0; at < audio.length; at += 32768) {
    call.write({ audio: audio.subarray(at, at + 32768) });
  }
  call.end();
  return done;
}

const wav = fs.readFileSync(path.join(speech, 'en-vm-intro.wav'));
const result = { errors: {} };
result.transcription = await transcribe({ model: 'whisper-1', language_code: 'en', request_id: 'grpc-js.1' }, wav);
result.samples = await transcribe(
  { audio_format: { encoding: 'AUDIO_ENCODING_PCM_S16LE', sample_rate_hz: 16000, channel_count: 1 } },
  wav.subarray(44),
);
result.translation = await transcribe(
  { task: 'TRANSCRIPTION_TASK_TRANSLATE' },
  fs.readFileSync(path.join(speech, 'es-conf-onlyperson.wav')),
);

const spoken = await gather(synthesis.Synthesize({ text: 'Please leave your message after the tone.' }));
const audio = Buffer.concat(spoken.events.filter((event) => event.event === 'audio').map((event) => event.audio));
result.synthesis = { order: spoken.events.map((event) => event.event), bytes: audio.length, error: spoken.error };
result.heard = await transcribe({ language_code: 'en' }, audio);
result.models = await new Promise((resolve, reject) => {
  models.ListModels({}, (error, reply) => (error ? reject(error) : resolve(reply.models)));
});

result.errors.temperature = (await transcribe({ temperature: 3 }, wav)).error;
result.errors.language = (await transcribe({ language_code: 'tlh' }, wav)).error;
result.errors.model = (await transcribe({ model: 'whisper-99' }, wav)).error;
result.errors.no_config = (await transcribe(null, wav)).error;
result.errors.audio = (await transcribe({}, Buffer.from('This is no audio.\n'.repeat(50)))).error;
result.errors.speed = (await gather(synthesis.Synthesize({ text: 'Hi.', speed: 9 }))).error;
result.errors.voice = (await gather(synthesis.Synthesize({ text: 'Hi.', voice: 'nobody' }))).error;
result.errors.text = (await gather(synthesis.Synthesize({ text: '' }))).error;

console.log(JSON.stringify(result));
for (const client of [transcription, synthesis, models]) {
  client.close();
}
