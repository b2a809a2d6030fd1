using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>
/// Makes a try and, when no result comes for a while, a second one beside it at another worker. The first result wins, and the other
/// try is cancelled at once. Only the first try of a request is hedged, and only where someone waits.
/// </summary>
internal sealed class HedgedAttempts(
    WorkerPool pool, RelayAttempts attempts, HedgeBudget budget, RouterTelemetry telemetry, TimeProvider time)
{
    /// <returns>Null when a worker served the request; else how the last try that counts failed. Others are in <paramref name="tried"/>.</returns>
    public async Task<FailedTry?> RunAsync(
        RelayPlan plan, WorkerHold worker, HedgingSettings hedging, TriedWorkers tried, CancellationToken cancellationToken)
    {
        budget.OnRequest(plan.Route.Name, hedging.Budget);
        var delay = hedging.Delay ?? budget.UsualTime(plan.Operation, worker.Model);
        if (delay is null || plan.Route.Class == RequestClass.Bulk)
        {
            return await TimedAsync(plan, worker, new RelayTry(1), cancellationToken);
        }

        var race = new Race();
        using var first = race.Enter(cancellationToken);
        var one = TimedAsync(plan, worker, new RelayTry(1, first), first.Token);
        await WaitAsync(delay.Value, one, race.Won, cancellationToken);
        using var other = one.IsCompleted || race.Won.IsCompleted ? null : RouteOther(plan, worker, tried);
        if (other is null)
        {
            return await one;
        }

        using var second = race.Enter(cancellationToken);
        var two = TimedAsync(plan, other, new RelayTry(2, second), second.Token);
        return await DecideAsync(plan, race, (first, one), (second, two), tried);
    }

    private async Task<FailedTry?> DecideAsync(
        RelayPlan plan,
        Race race,
        (RaceEntrant Entrant, Task<FailedTry?> Try) first,
        (RaceEntrant Entrant, Task<FailedTry?> Try) second,
        TriedWorkers tried)
    {
        // Either one has a result, or one fails and the other is all that is left.
        var ended = await Task.WhenAny(race.Won, first.Try, second.Try);
        var winner = race.Won.IsCompleted ? await race.Won
            : await IsLostAsync(first.Try, ended) ? second.Entrant
            : await IsLostAsync(second.Try, ended) ? first.Entrant
            : ended == second.Try ? second.Entrant
            : first.Entrant;
        var (kept, left) = winner == first.Entrant ? (first, second) : (second, first);
        telemetry.OnHedged(plan.Operation, won: winner == second.Entrant);
        if (race.Won.IsCompleted)
        {
            await left.Entrant.LoseAsync();
        }

        try
        {
            return await kept.Try;
        }
        finally
        {
            await left.Entrant.LoseAsync();
            await ((Task)left.Try).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (left.Try.IsCompletedSuccessfully && await left.Try is { } failed)
            {
                tried.Add(failed);
            }
        }
    }

    /// <summary>Whether a try ended without a result for the request; an answer that is one, or a fault of the client's, decides.</summary>
    private static async Task<bool> IsLostAsync(Task<FailedTry?> attempt, Task ended) =>
        ended == attempt && attempt.IsCompletedSuccessfully && await attempt is { Failure: not RelayFailure.Final };

    private WorkerHold? RouteOther(RelayPlan plan, WorkerHold first, TriedWorkers tried)
    {
        using var route = RouterSpans.Start(TelemetryNames.Spans.Route);
        var other = PickOther(plan, first, tried);
        if (other is null)
        {
            route?.SetTag(TelemetryNames.Attributes.Outcome, "no other");
        }
        else
        {
            RouterSpans.Chosen(route, other, plan.Route.Name, attempt: 2);
        }

        return other;
    }

    private WorkerHold? PickOther(RelayPlan plan, WorkerHold first, TriedWorkers tried)
    {
        if (!budget.TryTake(plan.Route.Name))
        {
            return null;
        }

        var other = pool.Pick(plan.Requirements, plan.Route, new HashSet<string>(tried.Ids) { first.WorkerId }, plan.Journey, Purposes.Hedge);
        if (other is { LooksIll: false })
        {
            return other;
        }

        other?.Dispose();
        budget.GiveBack(plan.Route.Name);
        return null;
    }

    private async Task<FailedTry?> TimedAsync(RelayPlan plan, WorkerHold worker, RelayTry attempt, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        var failed = await attempts.RunAsync(plan, worker, attempt, cancellationToken);
        if (failed is null)
        {
            budget.OnServed(plan.Operation, worker.Model, time.GetElapsedTime(begin));
        }

        return failed;
    }

    private async Task WaitAsync(TimeSpan delay, Task one, Task won, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(one, won, Task.Delay(delay, time, timer.Token));
        await timer.CancelAsync();
    }
}
