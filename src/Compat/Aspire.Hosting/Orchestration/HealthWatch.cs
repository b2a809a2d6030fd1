using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Probes a running instance: often until it is healthy, then now and then.</summary>
internal sealed class HealthWatch(TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private static readonly TimeSpan StartInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(5);

    // Probes are the orchestrator's own business: no trace of theirs goes into the services' telemetry.
    private readonly HttpClient _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false })
    {
        Timeout = ProbeTimeout,
    };

    /// <summary>Watches until <paramref name="ended"/>, which is when the process is gone.</summary>
    public async Task RunAsync(ResourceInstance instance, InstanceState state, Action onHealthy, CancellationToken ended)
    {
        try
        {
            await WatchAsync(instance, state, onHealthy, ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task WatchAsync(ResourceInstance instance, InstanceState state, Action onHealthy, CancellationToken ended)
    {
        var probes = instance.Resource.Annotations.OfType<IProbeAnnotation>().ToArray();
        await state.SetRunningAsync(probes.Length == 0 ? HealthStatus.Healthy : HealthStatus.Unhealthy, problem: null);
        var start = timeProvider.GetTimestamp();
        var said = start;
        var everHealthy = false;
        while (true)
        {
            var problem = await ProbeAsync(instance, probes, ended);
            ended.ThrowIfCancellationRequested();
            var changed = await state.SetRunningAsync(problem is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, problem);
            if (problem is null)
            {
                if (changed || !everHealthy)
                {
                    onHealthy();
                    OrchestratorLog.Healthy(logger, instance.Id, timeProvider.GetElapsedTime(start).TotalSeconds);
                }

                everHealthy = true;
            }
            else if ((changed && everHealthy) || timeProvider.GetElapsedTime(said) >= SayEvery)
            {
                said = timeProvider.GetTimestamp();
                Say(instance, problem, everHealthy, timeProvider.GetElapsedTime(start));
            }

            await Task.Delay(problem is null ? Interval : StartInterval, timeProvider, ended);
        }
    }

    private void Say(ResourceInstance instance, string problem, bool everHealthy, TimeSpan sinceStart)
    {
        if (everHealthy)
        {
            OrchestratorLog.NotHealthy(logger, instance.Id, problem);
        }
        else
        {
            OrchestratorLog.NotHealthyYet(logger, instance.Id, sinceStart.TotalSeconds, problem);
        }
    }

    /// <summary>Null, or what is wrong.</summary>
    private async Task<string?> ProbeAsync(ResourceInstance instance, IProbeAnnotation[] probes, CancellationToken ended)
    {
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ended);
            timeout.CancelAfter(ProbeTimeout);
            foreach (var probe in probes)
            {
                await probe.ProbeAsync(instance, _http, timeout.Token);
            }

            return null;
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            return $"no answer within {ProbeTimeout.TotalSeconds} s";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return exception.Message;
        }
    }
}
