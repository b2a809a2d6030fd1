using WhisperMesh.Router.Upstreams;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>The last stage of a transcription: to a worker and its events back, to another when that one fails.</summary>
internal sealed class TranscriptionRelay(RelayRunner runner, ILogger<TranscriptionRelay> logger) : ITranscriptionStage
{
    public Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken) =>
        runner.RunAsync(
            new RelayPlan(
                "transcribe",
                job.Origin.RequestId,
                job.Requirements,
                job.Plan,
                job.Excluded,
                (worker, attempt, token) => TryAsync(job, sink, worker, attempt, token),
                sink.TryRestart),
            cancellationToken);

    private async Task TryAsync(
        TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, WorkerHold worker, int attempt, CancellationToken cancellationToken)
    {
        UpstreamGuard.Check(job.Plan, worker, job.Origin.RequestId, logger);
        var config = job.Config.Clone();
        config.Model = worker.Model;
        config.Attempt = attempt;
        var routed = new RoutedTranscript(sink, RouteNotes.Of(job.Plan, worker, attempt));
        await worker.Connection.TranscribeAsync(config, job.Audio, job.Deadline, routed, cancellationToken);
    }
}
