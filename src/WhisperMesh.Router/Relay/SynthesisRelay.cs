using WhisperMesh.Router.Upstreams;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>The last stage of a synthesis: to a worker and its audio back.</summary>
internal sealed class SynthesisRelay(RelayRunner runner, TimeProvider time, ILogger<SynthesisRelay> logger) : ISynthesisStage
{
    public Task RunAsync(SynthesisJob job, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken) =>
        runner.RunAsync(
            new RelayPlan
            {
                Operation = "synthesize",
                RequestId = job.Origin.RequestId,
                Journey = job.Origin.Journey,
                Requirements = job.Requirements,
                Route = job.Plan,
                Deadline = job.Deadline,
                TryAsync = (worker, attempt, token) => TryAsync(job, sink, worker, attempt, token),
                TryRestart = sink.TryRestart,
            },
            cancellationToken);

    private async Task<WorkerOutcome> TryAsync(
        SynthesisJob job, IRelaySink<SynthesizeResponse> sink, WorkerHold worker, RelayTry attempt, CancellationToken cancellationToken)
    {
        UpstreamGuard.Check(job.Plan, worker, job.Origin.RequestId, logger);
        var addressed = job.Request.Clone();
        addressed.Model = worker.Model;
        addressed.Attempt = attempt.Number;
        var routed = new RoutedSpeech(sink, RouteNotes.Of(job.Plan, worker, attempt.Number), job.Request.Voice);
        IRelaySink<SynthesizeResponse> target = attempt.Entrant is { } entrant
            ? new RacingSink<SynthesizeResponse>(routed, entrant, RoleOf)
            : routed;
        var begin = time.GetTimestamp();
        await worker.Connection.SynthesizeAsync(addressed, job.Deadline, target, cancellationToken);
        return new WorkerOutcome(WorkerOutcomeKind.Served, time.GetElapsedTime(begin), routed.Audio);
    }

    private static RaceRole RoleOf(SynthesizeResponse message) =>
        message.EventCase == SynthesizeResponse.EventOneofCase.Started ? RaceRole.Start : RaceRole.Result;
}
