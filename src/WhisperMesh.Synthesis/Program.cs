using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.Synthesis.Worker;

return await MeshHost.RunAsync(SynthesisWorker.Create(args));
