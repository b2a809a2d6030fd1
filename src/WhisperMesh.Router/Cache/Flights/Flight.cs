using System.Diagnostics;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache.Flights;

/// <summary>
/// One transcription that several requests wait for. It belongs to none of them: it goes on while one is left, and stops with the
/// last. Thread-safe.
/// </summary>
internal sealed class Flight(ResultDetail detail, RequestClass requestClass) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();

    // Whoever makes it is its first traveller.
    private int _travellers = 1;
    private bool _stopped;
    private bool _landed;

    /// <summary>What the result will hold.</summary>
    public ResultDetail Detail => detail;

    public FlightLog Log { get; } = new();

    /// <summary>Requests that wait for it.</summary>
    public int Travellers => Volatile.Read(ref _travellers);

    /// <summary>Where the result comes from; known before the first event.</summary>
    public CacheResult Source { get; set; }

    /// <summary>The trace in which the result is, or was, made; default: not known.</summary>
    public ActivityContext Trace { get; set; }

    /// <summary>Under what key it stands on the board; guarded by the board.</summary>
    public CacheKey? Key { get; set; }

    /// <summary>Ends once the work is over and everything is put away.</summary>
    public Task Work { get; private set; } = Task.CompletedTask;

    /// <summary>Whether it was taken off the board, not to be put there again; guarded by the board.</summary>
    public bool IsOver { get; set; }

    /// <summary>Starts the work, which sees to its own errors and gets a token that ends when the last traveller is gone.</summary>
    public void Start(Func<CancellationToken, Task> work)
    {
        var stopped = _stop.Token;
        Work = Task.Run(async () =>
        {
            try
            {
                await work(stopped);
            }
            finally
            {
                lock (_gate)
                {
                    _landed = true;
                    Dispose();
                }
            }
        });
    }

    /// <summary>Whether its result serves a request of that detail, and no later than work of that class may be.</summary>
    public bool Serves(ResultDetail wanted, RequestClass urgency) =>
        detail.Covers(wanted) && (Log.HasEnded || Claimant.RankOf(requestClass) <= Claimant.RankOf(urgency));

    /// <summary>False when it is being given up.</summary>
    public bool TryJoin()
    {
        lock (_gate)
        {
            _travellers += _stopped ? 0 : 1;
            return !_stopped;
        }
    }

    /// <summary>Leaves; the last one stops work that nobody waits for any more, and waits for its end.</summary>
    public async Task LeaveAsync()
    {
        Task stopping;
        lock (_gate)
        {
            if (--_travellers > 0 || _landed || Log.HasEnded)
            {
                return;
            }

            _stopped = true;
            stopping = _stop.CancelAsync();
        }

        await stopping;
        await Work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stop.Dispose();
}
