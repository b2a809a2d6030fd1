using WhisperMesh.Router.Telemetry;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Router.Relay;

/// <summary>
/// Takes a request to a worker and, when that one refuses, is full or dies, to another, until its deadline. A worker that died with
/// the request may have died of it, so that happens once only unless the work had moved on. Whoever took nothing costs nothing; all
/// other retries keep within the budget, and those at workers that look ill wait first.
/// </summary>
internal sealed class RelayRunner(
    WorkerPool pool, RelayAttempts attempts, HedgedAttempts hedged, RetryBudget budget, RouterTelemetry telemetry, TimeProvider time)
{
    private const int MaxDeaths = 2;

    public async Task RunAsync(RelayPlan plan, CancellationToken cancellationToken)
    {
        using var deadline = new RelayDeadline(plan.Deadline, time, cancellationToken);
        try
        {
            budget.OnRequest();
            await RunAttemptsAsync(plan, deadline);
        }
        catch (Exception) when (deadline.IsOver && !cancellationToken.IsCancellationRequested)
        {
            throw RouterErrors.DeadlineExceeded();
        }
    }

    private async Task RunAttemptsAsync(RelayPlan plan, RelayDeadline deadline)
    {
        var tried = new TriedWorkers(plan.Excluded);
        var deaths = 0;
        var done = TimeSpan.Zero;
        while (true)
        {
            deadline.Check();
            using var worker = await RouteAsync(plan, tried, deadline.Token) ?? throw tried.Error();
            var number = tried.Count + 1;
            var failed = plan.Route.Hedging is { } hedging && number == 1
                ? await hedged.RunAsync(plan, worker, hedging, tried, deadline.Token)
                : await attempts.RunAsync(plan, worker, new RelayTry(number), deadline.Token);
            if (failed is null)
            {
                return;
            }

            if (failed.Failure == RelayFailure.Final)
            {
                throw failed.Details.ToMeshException(failed.Error);
            }

            tried.Add(failed);
            if (failed.Failure == RelayFailure.Died)
            {
                deaths = plan.Progress() > done ? 1 : deaths + 1;
                done = plan.Progress();
                if (failed.Broke)
                {
                    await plan.OnDeathAsync(failed.WorkerId);
                }
            }

            if (deaths >= MaxDeaths || !plan.TryRestart())
            {
                throw RouterErrors.WorkersFailed();
            }
        }
    }

    private async Task<WorkerHold?> RouteAsync(RelayPlan plan, TriedWorkers tried, CancellationToken cancellationToken)
    {
        using var route = RouterSpans.Start(TelemetryNames.Spans.Route);
        try
        {
            var worker = await PickAsync(plan, tried, cancellationToken);
            if (worker is null)
            {
                RouterSpans.Fail(route, tried.Error());
                return null;
            }

            RouterSpans.Chosen(route, worker, plan.Route.Name, tried.Count + 1);
            if (tried.Last is { } last)
            {
                telemetry.OnRetry(plan.Operation, RelayAttempts.OutcomeOf(last));
            }

            return worker;
        }
        catch (Exception exception)
        {
            RouterSpans.Fail(route, exception);
            throw;
        }
    }

    /// <summary>The next worker; null when nobody is left, or the budget is spent.</summary>
    private async Task<WorkerHold?> PickAsync(RelayPlan plan, TriedWorkers tried, CancellationToken cancellationToken)
    {
        var worker = pool.Pick(plan.Requirements, plan.Route, tried.Ids, plan.Journey, plan.Purpose);
        if (worker is null || tried.Count == 0 || (tried.LastTookNothing && !worker.LooksIll))
        {
            return worker;
        }

        if (!budget.TryTake())
        {
            worker.Dispose();
            telemetry.OnRetryDenied(plan.Operation);
            return null;
        }

        try
        {
            await Task.Delay(worker.LooksIll ? budget.Delay(tried.Count) : TimeSpan.Zero, time, cancellationToken);
            return worker;
        }
        catch (OperationCanceledException)
        {
            worker.Dispose();
            throw;
        }
    }
}
