// Uses the `openai` package as its documentation shows and prints what came as one JSON document.
// usage: node openai-client.mjs BASE_URL SPEECH_FOLDER OUTPUT_FOLDER
import fs from 'node:fs';
import path from 'node:path';
import OpenAI from 'openai';

const [baseURL, speech, output] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
const recording = (name) => fs.createReadStream(path.join(speech, name));
const english = () => ({ file: recording('en-vm-intro.wav'), model: 'whisper-1' });
const transcribe = (options) => client.audio.transcriptions.create({ ...english(), ...options });
const result = { formats: {}, errors: {}, speech: {} };

for (const format of ['json', 'text', 'srt', 'vtt', 'verbose_json']) {
  result.formats[format] = await transcribe({ response_format: format });
}

result.translation = await client.audio.translations.create({
  file: recording('es-conf-onlyperson.wav'),
  model: 'whisper-1',
});

result.events = [];
for await (const event of await transcribe({ stream: true })) {
  result.events.push(event);
}

result.models = [];
for await (const model of client.models.list()) {
  result.models.push(model.id);
}

const sentence = 'Please leave your message after the tone.';
for (const format of ['wav', 'mp3', 'flac', 'opus', 'aac', 'pcm']) {
  const reply = await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: sentence, response_format: format });
  const file = path.join(output, `speech.${format}`);
  fs.writeFileSync(file, Buffer.from(await reply.arrayBuffer()));
  result.speech[format] = { bytes: fs.statSync(file).size };
  if (format !== 'pcm') {
    const heard = await client.audio.transcriptions.create({ file: fs.createReadStream(file), model: 'whisper-1', language: 'en' });
    result.speech[format].heard = heard.text;
  }
}

const speak = (options) => client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: sentence, ...options });
const failures = {
  temperature: () => transcribe({ temperature: 3 }),
  language: () => transcribe({ language: 'tlh' }),
  response_format: () => transcribe({ response_format: 'docx' }),
  model: () => transcribe({ model: 'whisper-99' }),
  file: async () => transcribe({ file: await OpenAI.toFile(Buffer.from('This is no audio.\n'.repeat(50)), 'note.wav') }),
  speed: () => speak({ speed: 9 }),
  voice: () => speak({ voice: 'nobody' }),
  input: () => speak({ input: '' }),
};
for (const [name, attempt] of Object.entries(failures)) {
  try {
    await attempt();
    result.errors[name] = null;
  } catch (error) {
    const { status, param, code, type, message } = error;
    result.errors[name] = { class: error.constructor.name, status, param, code, type, message };
  }
}

console.log(JSON.stringify(result));
