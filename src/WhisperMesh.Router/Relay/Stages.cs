using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>
/// One step of a transcription's way through the router, such as budgets, the cache or the relay itself. Each does its part and
/// calls the next; <see cref="RouterPipeline"/> puts them in order. Events go to the sink; errors are thrown.
/// </summary>
internal interface ITranscriptionStage
{
    Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken);
}

/// <summary>The same of a synthesis.</summary>
internal interface ISynthesisStage
{
    Task RunAsync(SynthesisJob job, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken);
}
