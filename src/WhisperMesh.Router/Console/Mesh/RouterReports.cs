using Microsoft.Extensions.Diagnostics.HealthChecks;
using WhisperMesh.Router.Admission;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Health;

namespace WhisperMesh.Router.Console.Mesh;

/// <summary>Says how this router is now.</summary>
internal sealed class RouterReports(
    RouterIdentity identity,
    MeshAddresses addresses,
    HealthCheckService health,
    DrainState drain,
    TenantRedis redis,
    AdmissionQueue queue,
    WorkerPool pool,
    RecentRequests recent,
    IEnumerable<ILiveSessions> live,
    TimeProvider time)
{
    public async Task<RouterReport> MakeAsync(CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        return Now() with
        {
            Health = drain.IsDraining ? "draining" : NameOf(report.Status),
            Problems =
            [
                .. report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy)
                    .Select(entry => entry.Value.Description ?? $"The check {entry.Key} says {NameOf(entry.Value.Status)}."),
            ],
        };
    }

    /// <summary>All but what the health checks say, which may take a while.</summary>
    public RouterReport Now() => new()
    {
        Id = identity.Id,
        Address = addresses.Http.ToString().TrimEnd('/'),
        Version = identity.Version,
        StartedAt = identity.StartedAt,
        ReportedAt = time.GetUtcNow(),
        Health = drain.IsDraining ? "draining" : "healthy",
        Redis = !redis.IsConfigured ? "none" : redis.IsUp ? "up" : "down",
        Waiting = Waiting(),
        Running = pool.Standings().Sum(standing => standing.InFlight),
        Recent = recent.Counts(),
        LiveSessions = [.. live.SelectMany(sessions => sessions.Sessions).Select(SessionOf)],
    };

    private WaitingRequests Waiting()
    {
        QueueSnapshot[] classes = [queue.Snapshot(0), queue.Snapshot(1), queue.Snapshot(2)];
        var oldest = classes.Where(each => each.Length > 0).Select(each => each.Age.TotalSeconds).DefaultIfEmpty().Max();
        return new WaitingRequests(classes[0].Length, classes[1].Length, classes[2].Length, Math.Round(oldest, 1));
    }

    private LiveSessionObject SessionOf(LiveSessionInfo session) => new()
    {
        Id = session.Id,
        Tenant = session.TenantId,
        Router = identity.Id,
        CaptionName = session.CaptionName,
        StartedAt = session.StartTime,
        Worker = session.WorkerId,
        Model = session.Model,
        Language = session.Language,
        ReceivedSeconds = Math.Round(session.Received.TotalSeconds, 2),
        LagSeconds = Math.Round(Math.Max(0, (session.Received - session.Committed).TotalSeconds), 2),
        Busy = session.Busy,
        Connected = session.Connected,
    };

    private static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
