using WhisperMesh.ServiceDefaults.Health;

namespace WhisperMesh.Router.Live;

/// <summary>
/// Looks at the clock for all sessions: which have waited long enough for their clients, are idle, or too long. Told to stop, it sends
/// the clients to other routers.
/// </summary>
internal sealed class LiveKeeper(LiveRegistry registry, DrainState drain, TimeProvider time, ILogger<LiveKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What they used is written before the process ends.
        await Task.WhenAll(registry.All.Select(session => session.Run)).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var registration = drain.Draining.UnsafeRegister(static keeper => ((LiveKeeper)keeper!).Drain(), this);
        using var timer = new PeriodicTimer(Beat, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var session in registry.All)
            {
                Watch(session);
            }
        }
    }

    private void Watch(LiveSession session)
    {
        _ = session.WriteUsageAsync();
        switch (session.Watch())
        {
            case LiveWatch.Leave:
                registry.Leave(session);
                break;
            case LiveWatch.Abort:
                session.EndAtOnce(LiveErrors.Abandoned());
                break;
            case LiveWatch.Forget:
                registry.Forget(session);
                break;
        }
    }

    private void Drain()
    {
        var sessions = registry.All.Where(session => !session.IsOver).ToList();
        LiveLog.Draining(logger, sessions.Count);
        foreach (var session in sessions)
        {
            session.EndAtOnce(LiveErrors.Draining(), "This router is shutting down: go on at another one.");
        }
    }
}
