using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.Transcription;
using WhisperMesh.Transcription.Models;

ProcessMemory.ShareArenas();
return await MeshHost.RunAsync(TranscriptionHost.Build(args));
