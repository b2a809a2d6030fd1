using Grpc.Core;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Relay;

/// <summary>One request as the runner sees it.</summary>
/// <param name="Operation">Name for traces and measures.</param>
/// <param name="RequestId">Id of the request.</param>
/// <param name="Requirements">What a worker must have.</param>
/// <param name="Plan">By which route it goes.</param>
/// <param name="Excluded">Workers that must not have it.</param>
/// <param name="TryAsync">Sends the request to a worker; called again for another worker.</param>
/// <param name="TryRestart">Makes ready for another try; false when that would repeat what the client has seen.</param>
internal sealed record RelayPlan(
    string Operation,
    string RequestId,
    WorkerRequirements Requirements,
    RoutePlan Plan,
    IReadOnlySet<string> Excluded,
    Func<WorkerHold, int, CancellationToken, Task> TryAsync,
    Func<bool> TryRestart);

/// <summary>
/// Takes a request to a worker and, when that one refuses, is full or dies, to another. A worker that died with the request may
/// have died of it, so that happens once only; refusals cost nothing and go on until every worker was asked.
/// </summary>
internal sealed class RelayRunner(WorkerPool pool, RouterTelemetry telemetry, TimeProvider time, ILogger<RelayRunner> logger)
{
    private const int MaxDeaths = 2;

    private static readonly TimeSpan DefaultFullWait = TimeSpan.FromSeconds(1);

    public async Task RunAsync(RelayPlan plan, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var outcome = Outcomes.Failed;
        try
        {
            await RunAttemptsAsync(plan, cancellationToken);
            outcome = Outcomes.Served;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            outcome = Outcomes.Cancelled;
            throw;
        }
        finally
        {
            telemetry.OnRequestEnded(plan.Operation, outcome, time.GetElapsedTime(started));
        }
    }

    private async Task RunAttemptsAsync(RelayPlan plan, CancellationToken cancellationToken)
    {
        var tried = new HashSet<string>(plan.Excluded);
        var deaths = 0;
        TimeSpan? fullFor = null;
        MeshException? unready = null;
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var activity = telemetry.StartAttempt(plan.Operation, plan.RequestId, attempt);
            using var worker = pool.Pick(plan.Requirements, plan.Plan, tried);
            if (worker is null)
            {
                throw fullFor is { } wait ? RouterErrors.AllQueuesFull(wait) : unready ?? RouterErrors.WorkersFailed();
            }

            RouterTelemetry.OnRouted(activity, worker);
            RelayLog.Routed(logger, plan.RequestId, worker.WorkerId, worker.Model, attempt, worker.Reason);
            var begin = time.GetTimestamp();
            try
            {
                await plan.TryAsync(worker, attempt, cancellationToken);
                worker.Report(new WorkerOutcome(WorkerOutcomeKind.Served, time.GetElapsedTime(begin)));
                telemetry.OnAttemptEnded(activity, plan.Operation, Outcomes.Served);
                return;
            }
            catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
            {
                var failure = RelayFailures.Classify(e);
                worker.Report(new WorkerOutcome(KindOf(failure), time.GetElapsedTime(begin)));
                telemetry.OnAttemptEnded(activity, plan.Operation, OutcomeOf(failure));
                if (failure == RelayFailure.Final)
                {
                    throw RpcErrorDetails.From(e).ToMeshException(e);
                }

                RelayLog.AttemptFailed(logger, plan.RequestId, worker.WorkerId, failure, e.Status.Detail);
                tried.Add(worker.WorkerId);
                if (failure == RelayFailure.Full)
                {
                    fullFor = Sooner(fullFor, RpcErrorDetails.From(e).RetryAfter ?? DefaultFullWait);
                }
                else if (failure == RelayFailure.Unready)
                {
                    unready ??= RpcErrorDetails.From(e).ToMeshException(e);
                }
                else
                {
                    deaths += failure == RelayFailure.Died ? 1 : 0;
                }

                if (deaths >= MaxDeaths || !plan.TryRestart())
                {
                    throw RouterErrors.WorkersFailed();
                }
            }
            catch (Exception e) when (e is not RpcException || cancellationToken.IsCancellationRequested)
            {
                worker.Report(new WorkerOutcome(WorkerOutcomeKind.Cancelled, time.GetElapsedTime(begin)));
                // The client's half ended the call: it is gone, or its upload failed.
                telemetry.OnAttemptEnded(
                    activity, plan.Operation, cancellationToken.IsCancellationRequested ? Outcomes.Cancelled : Outcomes.Failed);
                throw;
            }
        }
    }

    private static TimeSpan Sooner(TimeSpan? known, TimeSpan other) => known is { } wait && wait < other ? wait : other;

    private static WorkerOutcomeKind KindOf(RelayFailure failure) => failure switch
    {
        RelayFailure.Refused => WorkerOutcomeKind.Refused,
        RelayFailure.Died => WorkerOutcomeKind.Died,
        RelayFailure.Full or RelayFailure.Unready => WorkerOutcomeKind.Busy,
        _ => WorkerOutcomeKind.Served,
    };

    private static string OutcomeOf(RelayFailure failure) => failure switch
    {
        RelayFailure.Refused => Outcomes.Refused,
        RelayFailure.Full => Outcomes.Full,
        RelayFailure.Unready => Outcomes.Refused,
        RelayFailure.Died => Outcomes.Died,
        _ => Outcomes.Failed,
    };
}

internal static partial class RelayLog
{
    [LoggerMessage(110, LogLevel.Debug, "{RequestId}: to worker {WorkerId}, model {Model}, attempt {Attempt} ({Reason})")]
    public static partial void Routed(ILogger logger, string requestId, string workerId, string model, int attempt, string reason);

    [LoggerMessage(111, LogLevel.Warning, "{RequestId}: worker {WorkerId} {Failure}: {Detail}")]
    public static partial void AttemptFailed(ILogger logger, string requestId, string workerId, RelayFailure failure, string detail);
}
