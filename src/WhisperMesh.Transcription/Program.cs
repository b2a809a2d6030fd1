using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.Transcription;

return await MeshHost.RunAsync(TranscriptionHost.Build(args));
