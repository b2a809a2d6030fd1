using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Router.Workers.Load;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>
/// Serves sessions: takes each to a worker, and when that one is lost to another, until its end. Nobody waits for a place at the
/// beginning; a stream that runs waits for a while.
/// </summary>
internal sealed class LiveRelay(
    WorkerPool pool, RelayAttempts attempts, LiveMetrics metrics, IOptions<RouterOptions> router, TimeProvider time, ILogger<LiveRelay> logger)
{
    private const int MaxDeathsAtStart = 2;

    // Workers send a sign of life at least so often.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    /// <summary>Between two looks for a worker that can take a stream over.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    /// <summary>Audio that a running stream is thought to have before it, in seconds: so much a worker that has it is loaded by.</summary>
    private const double HorizonSeconds = 30;

    public async Task RunAsync(LiveSession session)
    {
        // What called it goes on with other things.
        await Task.Yield();
        using var span = LiveSpans.Start(session);
        MeshException? failure = null;
        try
        {
            await ServeAsync(session);
        }
        catch (OperationCanceledException) when (session.End.IsCancellationRequested)
        {
            failure = session.Failure;
        }
        catch (MeshException e)
        {
            failure = e;
        }
        catch (Exception e)
        {
            LiveLog.Failed(logger, e, session.Request.Id);
            failure = new MeshException(StatusCode.Internal, ErrorReasons.Internal, "The service failed; its log says why.");
        }

        var served = session.WhenStarted.IsCompletedSuccessfully;
        await session.Account.CloseAsync(session.Audio, served ? session.Info.Model : null, session.Info.Language);
        session.Conclude(failure);
        session.Request.Origin.Journey?.EndSession(session.Failure);
        LiveSpans.End(session);
        metrics.OnEnded(session.Failure?.Reason.ToLowerInvariant() ?? Outcomes.Served, session.Audio);
        LiveLog.Ended(
            logger, session.Request.Id, session.Audio.TotalSeconds, session.Attempts, session.Failure?.Reason ?? Outcomes.Served);
    }

    private async Task ServeAsync(LiveSession session)
    {
        var work = new PredictedWork(HorizonSeconds) { IsLive = true };
        var run = new LiveRun(session.Told, time.GetTimestamp());
        var plan = new RelayPlan
        {
            Operation = "live",
            RequestId = session.Request.Id,
            Journey = session.Request.Origin.Journey,
            Requirements = session.Request.Requirements,
            Route = session.Request.Plan with { Work = work },
            TryAsync = (worker, _, token) => TryAsync(session, work, run, worker, token),
            TryRestart = static () => true,
        };
        while (true)
        {
            session.End.ThrowIfCancellationRequested();
            var began = time.GetUtcNow();
            using var worker = Pick(plan, run);
            if (worker is null)
            {
                await WaitAsync(session, run);
                continue;
            }

            LiveSpans.Routed(worker, plan.Route.Name, session.Attempts + 1, began);
            var failed = await attempts.RunAsync(plan, worker, new RelayTry(session.Attempts + 1), session.End);
            if (failed is null)
            {
                return;
            }

            Judge(session, run, failed);
        }
    }

    /// <summary>A worker; null: none can be had now, and the stream waits.</summary>
    private WorkerHold? Pick(RelayPlan plan, LiveRun run)
    {
        try
        {
            var worker = pool.Pick(plan.Requirements, plan.Route, run.Tried.Ids, plan.Journey);
            return worker is not null || run.Serving ? worker : throw run.Tried.Error();
        }
        catch (MeshException) when (run.Serving)
        {
            return null;
        }
    }

    private async Task WaitAsync(LiveSession session, LiveRun run)
    {
        if (time.GetElapsedTime(run.LostAt) >= session.Options.ResumeWindow)
        {
            throw LiveErrors.NoWorkerAgain(session.Options.ResumeWindow);
        }

        // Whoever failed before may be well again.
        run.ForgetTried();
        await Task.Delay(Beat, time, session.End);
    }

    private void Judge(LiveSession session, LiveRun run, FailedTry failed)
    {
        if (IsAnswer(failed))
        {
            throw failed.Details.ToMeshException(failed.Error);
        }

        if (!run.Serving)
        {
            run.Tried.Add(failed);
            if (failed.Failure == RelayFailure.Died && ++run.Deaths >= MaxDeathsAtStart)
            {
                throw RouterErrors.WorkersFailed();
            }

            return;
        }

        if (!run.Took)
        {
            run.Tried.Add(failed);
            return;
        }

        run.OnLost(failed, session.Told, time.GetTimestamp());
        metrics.OnMoved();
        LiveLog.WorkerLost(logger, session.Request.Id, failed.WorkerId, failed.Error.Status.Detail);
        session.OnLost(failed.Details.Reason == ErrorReasons.Draining
            ? $"The worker {failed.WorkerId} is shutting down; another is sought."
            : $"The worker {failed.WorkerId} was lost; another is sought.");
        if (run.Deaths > session.Options.MaxLostWorkers)
        {
            throw LiveErrors.WorkersLost(run.Deaths);
        }
    }

    // A worker that broke down over the stream has not answered it.
    private static bool IsAnswer(FailedTry failed) =>
        failed.Failure == RelayFailure.Final
        && failed.Error.StatusCode is not (StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss);

    private async Task<WorkerOutcome> TryAsync(
        LiveSession session, PredictedWork work, LiveRun run, WorkerHold worker, CancellationToken cancellationToken)
    {
        run.Took = false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = worker.Connection.OpenLive(stop.Token);
        var (config, kept, lost) = session.Attach(worker);
        metrics.OnLost(lost);
        if (run.Serving)
        {
            metrics.OnReplayed(kept);
        }

        var sending = SendAsync(session, call, config, stop.Token);
        try
        {
            var first = await ReadAsync(call, session.Options.StartTimeout, stop.Token);
            session.OnStarted(first.Started ?? throw Broken("The worker's first event was not `started`."));
            run.Took = run.Serving = true;
            LiveLog.Began(logger, session.Request.Id, session.Request.TenantId, worker.WorkerId, worker.Model);
            while (!session.Accept(await ReadAsync(call, Silence, stop.Token)))
            {
                var (received, committed) = session.Progress;
                work.AtLeast(received.TotalSeconds + HorizonSeconds);
                work.Processed(committed.TotalSeconds);
                metrics.OnLag(received - committed);
            }

            return new WorkerOutcome(WorkerOutcomeKind.Served);
        }
        finally
        {
            if (session.Detach() is > 0 and var count)
            {
                LiveLog.Corrected(logger, session.Request.Id, count, worker.WorkerId);
            }

            await stop.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private TimeSpan Silence => router.Value.SilentWorkerTimeout > 2 * Heartbeat ? router.Value.SilentWorkerTimeout : 2 * Heartbeat;

    private async Task<StreamLiveResponse> ReadAsync(ILiveCall call, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return await call.ReadAsync(cancellationToken).WaitAsync(patience, time, cancellationToken)
                ?? throw Broken("The worker ended the stream without a summary.");
        }
        catch (TimeoutException)
        {
            throw Broken($"The worker has said nothing for {patience.TotalSeconds:0} s.");
        }
    }

    private static async Task SendAsync(LiveSession session, ILiveCall call, LiveConfig config, CancellationToken cancellationToken)
    {
        var number = 0L;
        var hears = await call.TrySendAsync(new StreamLiveRequest { Config = config }, cancellationToken);
        while (hears)
        {
            if (!session.TryTake(ref number, out var item, out var wait))
            {
                await wait.WaitAsync(cancellationToken);
            }
            else if (item.Kind == LiveItemKind.End)
            {
                await call.CompleteAsync();
                return;
            }
            else
            {
                hears = await call.TrySendAsync(item.ToRequest(), cancellationToken);
            }
        }
    }

    private static RpcException Broken(string what) => new(new Status(StatusCode.Unavailable, what));
}
