using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace WhisperMesh.ServiceDefaults.Health;

/// <summary>Keeps the server open for a moment after draining has begun; only then may it refuse connections.</summary>
internal sealed class DrainNotice(IOptions<DrainOptions> options, TimeProvider timeProvider) : IHostedLifecycleService
{
    // Before any hosted service, the server among them, is stopped.
    public async Task StoppingAsync(CancellationToken cancellationToken) =>
        await Task.Delay(options.Value.Notice, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
