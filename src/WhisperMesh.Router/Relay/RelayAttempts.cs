using System.Diagnostics;
using Grpc.Core;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Relay;

/// <summary>How a try that did not serve the request ended.</summary>
internal sealed record FailedTry(string WorkerId, RelayFailure Failure, RpcException Error)
{
    /// <summary>Whether the connection broke, rather than the worker saying that it can't.</summary>
    public bool Broke => Failure == RelayFailure.Died && Error.Status.DebugException is not null;

    public RpcErrorDetails Details { get; } = RpcErrorDetails.From(Error);

    /// <summary>Why, for whoever's request it was: the worker's own words; of a broken connection not where it led.</summary>
    public string Told => Details.Reason is not null ? Error.Status.Detail
        : Failure == RelayFailure.Refused ? "No connection to the worker could be made."
        : Failure == RelayFailure.Died ? "The connection to the worker broke while it had the request."
        : $"The worker answered {Error.StatusCode}.";
}

/// <summary>Makes one try at a worker, and tells pool, traces and measures how it went.</summary>
internal sealed class RelayAttempts(RetryBudget budget, RouterTelemetry telemetry, TimeProvider time, ILogger<RelayAttempts> logger)
{
    /// <returns>Null when the worker served the request.</returns>
    public async Task<FailedTry?> RunAsync(RelayPlan plan, WorkerHold worker, RelayTry attempt, CancellationToken cancellationToken)
    {
        using var activity = RouterTelemetry.StartAttempt(plan.Operation, plan.RequestId, attempt.Number, worker);
        RelayLog.Routed(logger, plan.RequestId, worker.WorkerId, worker.Model, attempt.Number, worker.Reason);
        var begin = time.GetTimestamp();
        var noted = plan.Journey?.BeginAttempt(attempt.Number, attempt is { Entrant: not null, Number: > 1 } ? Purposes.Hedge : plan.Purpose, worker);
        try
        {
            var outcome = await plan.TryAsync(worker, attempt with { Noted = noted }, cancellationToken);
            worker.Report(outcome);
            telemetry.OnServed(plan.Operation, outcome.Elapsed, outcome.Audio);
            telemetry.OnAttemptEnded(activity, plan.Operation, Outcomes.Served, attempt.Entrant?.Won);
            noted?.EndWith(Outcomes.Served);
            return null;
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            var failed = new FailedTry(worker.WorkerId, RelayFailures.Classify(e), e);
            var retryAfter = failed.Failure is RelayFailure.Full or RelayFailure.Refused ? failed.Details.RetryAfter : null;
            budget.Grant(worker.Report(new WorkerOutcome(KindOf(plan, failed), time.GetElapsedTime(begin), RetryAfter: retryAfter)));
            RouterSpans.Fail(activity, e);
            telemetry.OnAttemptEnded(activity, plan.Operation, OutcomeOf(failed.Failure), attempt.Entrant?.Won);
            noted?.EndWith(OutcomeOf(failed.Failure), failed.Told);
            if (failed.Failure != RelayFailure.Final)
            {
                RelayLog.AttemptFailed(logger, plan.RequestId, worker.WorkerId, failed.Failure, e.Status.Detail);
            }

            return failed;
        }
        catch (Exception e)
        {
            noted?.EndWith(End(e, activity, plan, worker, attempt, cancellationToken));
            throw;
        }
    }

    // The client's half ended the call: it is gone, its upload failed, or another worker was faster.
    private string End(
        Exception exception, Activity? activity, RelayPlan plan, WorkerHold worker, RelayTry attempt, CancellationToken cancellationToken)
    {
        worker.Report(new WorkerOutcome(WorkerOutcomeKind.Cancelled));
        var cancelled = exception is OperationCanceledException || cancellationToken.IsCancellationRequested;
        var outcome = cancelled ? Outcomes.Cancelled : Outcomes.Failed;
        telemetry.OnAttemptEnded(activity, plan.Operation, outcome, attempt.Entrant?.Won);
        return outcome;
    }

    private static WorkerOutcomeKind KindOf(RelayPlan plan, FailedTry failed) => failed.Failure switch
    {
        // Live streams have places of their own: requests may find room all the same.
        RelayFailure.Full when plan.Route.Work is { IsLive: true } => WorkerOutcomeKind.Cancelled,
        RelayFailure.Refused => WorkerOutcomeKind.Refused,
        RelayFailure.Died => WorkerOutcomeKind.Died,
        RelayFailure.Full or RelayFailure.Unready => WorkerOutcomeKind.Busy,
        // Time that was too short says nothing of the worker.
        _ when failed.Error.StatusCode == StatusCode.DeadlineExceeded => WorkerOutcomeKind.Cancelled,
        _ when failed.Error.StatusCode is StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss => WorkerOutcomeKind.Failed,
        _ => WorkerOutcomeKind.Served,
    };

    /// <summary>How a try ended that failed so.</summary>
    internal static string OutcomeOf(RelayFailure failure) => failure switch
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
