using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router;

/// <summary>
/// Lets what runs when the router is told to stop come to its end. A startup task, because the host reads its own options while it is
/// built: bad settings of ours would surface there, before they can be reported.
/// </summary>
internal sealed class RouterDrain(IOptions<HostOptions> host, IOptions<RouterOptions> options) : IStartupTask
{
    public Task RunAsync(CancellationToken cancellationToken)
    {
        host.Value.ShutdownTimeout = options.Value.DrainTimeout;
        return Task.CompletedTask;
    }
}
