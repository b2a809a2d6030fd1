// Uses `@grpc/grpc-js` for live streams, ours and NVIDIA Riva's, and prints what came as one JSON document.
// usage: node live-grpc-client.mjs ADDRESS PROTO_FOLDER SPEECH_FOLDER
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { joined, mulaw, pcm16, resampled, samplesOf, silence, spoken } from './live-audio.mjs';

const [address, protos, speech] = process.argv.slice(2);
const files = ['whispermesh/speech/v1/live.proto', 'nvidia/riva/asr/speech_recognition.proto'];
const definition = loader.loadSync(files, { includeDirs: [protos], keepCase: true, enums: String, longs: Number, oneofs: true, defaults: true });
const { whispermesh, nvidia } = grpc.loadPackageDefinition(definition);
const live = new whispermesh.speech.v1.LiveTranscriptionService(address, grpc.credentials.createInsecure());
const riva = new nvidia.riva.asr.RivaSpeechRecognition(address, grpc.credentials.createInsecure());

const describe = (error) => ({ code: error.code, message: error.details, detailed: error.metadata.get('grpc-status-details-bin').length === 1 });

function gather(call) {
  const events = [];
  let headers = {};
  return new Promise((resolve) => {
    call.on('metadata', (metadata) => { headers = metadata.getMap(); });
    call.on('data', (event) => events.push(event));
    call.on('error', (error) => resolve({ events, headers, error: describe(error) }));
    call.on('end', () => resolve({ events, headers, error: null }));
  });
}

async function liveStream(config, audio) {
  const call = live.StreamLive();
  const done = gather(call);
  call.write({ config });
  await spoken(audio, 32000, (data) => call.write({ audio: { data } }));
  call.end();
  return done;
}

async function rivaStream(config, interim, audio, bytesPerSecond) {
  const call = riva.StreamingRecognize();
  const done = gather(call);
  call.write({ streaming_config: { config, interim_results: interim }, id: { value: 'riva-js.1' } });
  await spoken(audio, bytesPerSecond, (data) => call.write({ audio_content: data }));
  call.end();
  return done;
}

const unary = (method, request) => new Promise((resolve) => {
  riva[method](request, (error, reply) => resolve(error ? { error: describe(error) } : { reply, error: null }));
});

const intro = samplesOf(speech, 'en-vm-intro.wav');
const talk = joined(intro, silence(1.5), samplesOf(speech, 'en-vm-sorry.wav'), silence(1));
const result = { errors: {} };
result.live = await liveStream(
  { language_code: 'en', audio_format: { encoding: 'AUDIO_ENCODING_PCM_S16LE', sample_rate_hz: 16000, channel_count: 1 } },
  pcm16(talk),
);
result.riva = await rivaStream(
  {
    encoding: 'LINEAR_PCM', sample_rate_hertz: 16000, language_code: 'en-US', max_alternatives: 1,
    enable_word_time_offsets: true, enable_automatic_punctuation: true,
  },
  true,
  pcm16(talk),
  32000,
);
result.telephone = await rivaStream(
  { encoding: 'MULAW', sample_rate_hertz: 8000, language_code: 'en-US' }, false, mulaw(resampled(intro, 8000)), 8000,
);
result.recording = await unary('Recognize', {
  config: { encoding: 'LINEAR_PCM', sample_rate_hertz: 16000, language_code: 'en-US', enable_word_time_offsets: true },
  audio: pcm16(intro),
  id: { value: 'riva-js.2' },
});
result.models = await unary('GetRivaSpeechRecognitionConfig', {});

const samples = { encoding: 'LINEAR_PCM', sample_rate_hertz: 16000, language_code: 'en-US' };
const refused = async (config) => (await rivaStream(config, false, Buffer.alloc(0), 32000)).error;
result.errors.model = await refused({ ...samples, model: 'conformer' });
result.errors.language = await refused({ ...samples, language_code: 'tlh' });
result.errors.profanity = await refused({ ...samples, profanity_filter: true });
result.errors.encoding = await refused({ ...samples, encoding: 'FLAC' });

console.log(JSON.stringify(result));
live.close();
riva.close();
