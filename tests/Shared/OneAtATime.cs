[assembly: AssemblyFixture(typeof(WhisperMesh.Testing.OneAtATime))]

namespace WhisperMesh.Testing;

/// <summary>
/// Makes the test projects that link this file run one after another, though <c>dotnet test</c> starts them together:
/// each loads models or starts processes, and two at once on a small machine would wait for each other's cores.
/// </summary>
public sealed class OneAtATime : IAsyncLifetime
{
    private static readonly string LockFile = Path.Combine(Path.GetTempPath(), "whispermesh-tests.lock");
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private FileStream? _held;

    public async ValueTask InitializeAsync()
    {
        using var bound = new CancellationTokenSource(Bound);
        using var timer = new PeriodicTimer(Interval);
        while (!TryTake())
        {
            await timer.WaitForNextTickAsync(bound.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_held is not null)
        {
            await _held.DisposeAsync();
        }
    }

    private bool TryTake()
    {
        try
        {
            // The lock ends with the process, however it ends.
            _held = new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
