using WhisperMesh.Router.Upstreams;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>The last stage of a synthesis: to a worker and its audio back.</summary>
internal sealed class SynthesisRelay(RelayRunner runner, ILogger<SynthesisRelay> logger) : ISynthesisStage
{
    public Task RunAsync(SynthesisJob job, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken) =>
        runner.RunAsync(
            new RelayPlan(
                "synthesize",
                job.Origin.RequestId,
                job.Requirements,
                job.Plan,
                new HashSet<string>(),
                (worker, attempt, token) => TryAsync(job, sink, worker, attempt, token),
                sink.TryRestart),
            cancellationToken);

    private Task TryAsync(
        SynthesisJob job, IRelaySink<SynthesizeResponse> sink, WorkerHold worker, int attempt, CancellationToken cancellationToken)
    {
        UpstreamGuard.Check(job.Plan, worker, job.Origin.RequestId, logger);
        var addressed = job.Request.Clone();
        addressed.Model = worker.Model;
        addressed.Attempt = attempt;
        var routed = new RoutedSpeech(sink, RouteNotes.Of(job.Plan, worker, attempt), job.Request.Voice);
        return worker.Connection.SynthesizeAsync(addressed, job.Deadline, routed, cancellationToken);
    }
}
