using Microsoft.Extensions.Options;
using WhisperMesh.Router.Captions;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Tenants.Budgets;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.Router.Tenants.Usage;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Health;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>Opens sessions, and gives those that wait back to their clients.</summary>
internal sealed class LiveSessions(
    LiveRegistry registry,
    LiveRelay relay,
    IRoutePlanner planner,
    BudgetGate budgets,
    UsageLedger ledger,
    MeshClock clock,
    LiveObservers observers,
    ICaptionNames captions,
    DrainState drain,
    IOptions<RouterOptions> router,
    IOptions<LiveOptions> options,
    LiveMetrics metrics,
    TimeProvider time,
    ILogger<LiveSessions> logger) : ILiveSessions
{
    // Beyond the longest utterance: what leads up to it, and what has come until its end is told.
    private static readonly TimeSpan AroundUtterance = TimeSpan.FromSeconds(10);

    public IReadOnlyList<LiveSessionInfo> Sessions => registry.Running;

    public async Task<ILiveConnection> ConnectAsync(LiveConfig config, RequestOrigin origin, CancellationToken cancellationToken)
    {
        try
        {
            return await FindOrOpenAsync(config, origin, cancellationToken);
        }
        catch (Exception e)
        {
            // Not every dialect tells it by a status.
            origin.Journey?.Fail(e, cancellationToken.IsCancellationRequested);
            throw;
        }
    }

    private async Task<ILiveConnection> FindOrOpenAsync(LiveConfig config, RequestOrigin origin, CancellationToken cancellationToken)
    {
        if (drain.IsDraining)
        {
            throw LiveErrors.Draining();
        }

        LiveChecks.Check(config, router.Value);
        if (config.Resume is { } resume)
        {
            if (registry.Find(resume.Token, origin.Caller.TenantId) is { } session)
            {
                LiveSameness.Check(config, session.Request);
                metrics.OnReturned();
                origin.Journey?.JoinSession(session.Request.Origin.Journey, session.Request.Id);
                LiveLog.Resumed(logger, session.Request.Id);
                LiveSpans.Returned(session);
                return new LiveConnection(session, resume);
            }

            if (resume.Checkpoint is null)
            {
                throw LiveErrors.TokenUnknown();
            }
        }

        var request = RequestOf(config, origin);
        if (request.Resume is not null && registry.FindWaiting(request.TenantId, request.Id) is { } left)
        {
            // Its client went on at another router meanwhile, and comes back from there knowing more than the one that waits.
            left.EndAtOnce(LiveErrors.WentOn());
        }

        return await OpenAsync(request, cancellationToken);
    }

    private async Task<ILiveConnection> OpenAsync(LiveRequest asked, CancellationToken cancellationToken)
    {
        using var place = registry.Reserve(asked);

        // From here on it is a session, whose record outlives the connection's.
        var request = asked with { Origin = asked.Origin with { Journey = asked.Origin.Journey?.ForSession(asked.Id) } };
        request.Origin.Journey?.OnRouted(asked.Plan);
        try
        {
            return await OpenAsync(request, place, cancellationToken);
        }
        catch (Exception e)
        {
            request.Origin.Journey?.EndSession(e);
            throw;
        }
    }

    private async Task<ILiveConnection> OpenAsync(LiveRequest request, LivePlace place, CancellationToken cancellationToken)
    {
        if (request.Asked.CaptionName.Length > 0)
        {
            await captions.ClaimAsync(request.TenantId, request.Asked.CaptionName, request.Id, cancellationToken);
        }

        var account = await LiveAccount.OpenAsync(budgets, ledger, clock, request.Origin.Caller, request.Origin.Budgets, cancellationToken);
        var session = new LiveSession(request, account, observers, options.Value, time);
        var connection = new LiveConnection(session, null);
        session.Run = relay.RunAsync(session);
        try
        {
            await session.WhenStarted.WaitAsync(cancellationToken);
            place.Take(session);
            if (drain.IsDraining)
            {
                // It may have come between the others' end and this router's.
                session.EndAtOnce(LiveErrors.Draining());
            }

            return connection;
        }
        catch
        {
            session.EndAtOnce(LiveErrors.Abandoned());
            await session.Run;
            session.Dispose();
            throw;
        }
    }

    private LiveRequest RequestOf(LiveConfig asked, RequestOrigin origin)
    {
        var format = LiveFormat.Of(asked.AudioFormat);
        var least = (long)((LiveChecks.LongestUtterance(asked) + AroundUtterance).TotalSeconds * format.BytesPerSecond);
        if (least > options.Value.TailBytes)
        {
            throw MeshException.InvalidArgument(
                "audio_format",
                $"An utterance in this format may take {least} bytes, and {options.Value.TailBytes} can be kept. Send 16-bit samples of one channel at 16000 Hz.");
        }

        var id = RequestChecks.RequestId(asked.RequestId.Length > 0 ? asked.RequestId : origin.RequestId);
        var config = asked.Clone();
        (config.RequestId, config.CaptionName, config.Resume) = (id, "", null);
        config.Model = planner.ResolveModel(config.Model);
        var requirements = LiveChecks.RequirementsOf(config);
        var from = origin with { RequestId = id };
        var plan = planner.Plan(from, requirements, RequestClass.Live);
        return new LiveRequest
        {
            Config = config,
            Asked = asked.Clone(),
            Origin = from,
            Requirements = requirements,
            Plan = plan with { Session = plan.Session ?? id },
            Format = format,
            TailBytes = Math.Min(options.Value.TailBytes, Math.Max(least, (long)(options.Value.TailDuration.TotalSeconds * format.BytesPerSecond))),
            Resume = asked.Resume?.Checkpoint is null ? null : asked.Resume,
        };
    }
}
