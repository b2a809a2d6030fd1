using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Health;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Transcription;

/// <summary>
/// Lets what runs when the worker is told to stop come to its end; what would not end in time is handed back to the router, which
/// has another worker go on with it. A startup task, because the host reads its own options while it is built: bad settings of ours
/// would surface there, before they can be reported.
/// </summary>
internal sealed class DrainPatience(
    IOptions<HostOptions> host, IOptions<TranscriptionOptions> options, DrainState drain, TimeProvider timeProvider)
    : IStartupTask, IDisposable
{
    /// <summary>Part of the time that is left for handing back.</summary>
    private const double HandBackShare = 0.25;

    private static readonly TimeSpan LongestHandBack = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _handBack = new();
    private CancellationTokenRegistration _registration;
    private ITimer? _timer;

    /// <summary>Cancelled when requests that still run must be handed back.</summary>
    public CancellationToken HandBack => _handBack.Token;

    public Task RunAsync(CancellationToken cancellationToken)
    {
        var patience = options.Value.DrainTimeout;
        host.Value.ShutdownTimeout = patience;
        var last = patience * HandBackShare;
        var wait = patience - (last < LongestHandBack ? last : LongestHandBack);
        _registration = drain.Draining.Register(
            () => _timer = timeProvider.CreateTimer(_ => _handBack.Cancel(), null, wait, Timeout.InfiniteTimeSpan));
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _registration.Dispose();
        _timer?.Dispose();
        _handBack.Dispose();
    }
}
