using Aspire.Hosting.ResourceService;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// One instance under control: it starts and stops with the application, and in between on demand. What was stopped on demand stays so
/// until it is started; each start is a new runner, which waits for dependencies and counts failures anew.
/// </summary>
internal sealed class InstanceControl(
    ResourceInstance instance, InstanceState state, ConsoleTail console, Func<InstanceRunner> newRunner, TimeSpan patience) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _command = new(1, 1);
    private InstanceRunner? _runner;
    private bool _closing;

    public ResourceInstance Instance => instance;

    public ConsoleTail Console => console;

    public Task AnnounceAsync() => state.AnnounceAsync();

    /// <summary>Starts it with the application.</summary>
    public void Start() => TryStart();

    /// <summary>Does a command; returns null, or why it is refused.</summary>
    public async Task<string?> ExecuteAsync(string command)
    {
        if (instance.Resource is DashboardResource)
        {
            return "The dashboard runs for as long as the AppHost.";
        }

        if (!await _command.WaitAsync(TimeSpan.Zero))
        {
            return $"Another command for {instance.Id} is not finished yet.";
        }

        try
        {
            return command switch
            {
                ResourceCommands.Start when state.IsUp => $"{instance.Id} is running.",
                ResourceCommands.Stop when _runner is null or { HasEnded: true } => $"{instance.Id} is stopped.",
                ResourceCommands.Start or ResourceCommands.Restart => await RestartAsync(),
                ResourceCommands.Stop => await StopOnDemandAsync(),
                _ => $"'{command}' is no command; there are start, stop and restart.",
            };
        }
        finally
        {
            _command.Release();
        }
    }

    /// <summary>Stops it with the application.</summary>
    public Task StopAsync()
    {
        InstanceRunner? runner;
        lock (_gate)
        {
            _closing = true;
            runner = _runner;
        }

        return runner?.StopAsync(patience) ?? Task.CompletedTask;
    }

    public void Dispose()
    {
        _runner?.Dispose();
        _command.Dispose();
    }

    private async Task<string?> RestartAsync()
    {
        await StopRunnerAsync();
        return TryStart() ? null : "The AppHost is stopping.";
    }

    private async Task<string?> StopOnDemandAsync()
    {
        console.Add(ConsoleSource.Orchestrator, $"{instance.Id} is stopped on demand.");
        await StopRunnerAsync();
        return null;
    }

    private async Task StopRunnerAsync()
    {
        if (_runner is { } runner)
        {
            await runner.StopAsync(patience);
        }
    }

    private bool TryStart()
    {
        lock (_gate)
        {
            if (_closing)
            {
                return false;
            }

            _runner?.Dispose();
            _runner = newRunner();
            _runner.Start();
            return true;
        }
    }
}
