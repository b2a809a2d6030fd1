namespace WhisperMesh.Router.Relay;

/// <summary>
/// Two tries at one request, of which the first that has a result wins. Until then neither's events go on, so nothing is said twice.
/// </summary>
internal sealed class Race
{
    private readonly TaskCompletionSource<RaceEntrant> _won = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RaceEntrant? _winner;
    private int _entrants;

    /// <summary>Ends when one has a result.</summary>
    public Task<RaceEntrant> Won => _won.Task;

    /// <summary>Whether there is anyone to race against.</summary>
    internal bool IsRun => Volatile.Read(ref _entrants) > 1;

    public RaceEntrant Enter(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _entrants);
        return new RaceEntrant(this, cancellationToken);
    }

    internal bool IsWonBy(RaceEntrant entrant) => Volatile.Read(ref _winner) == entrant;

    internal bool TryWin(RaceEntrant entrant)
    {
        var winner = Interlocked.CompareExchange(ref _winner, entrant, null);
        if (winner is null)
        {
            _won.TrySetResult(entrant);
        }

        return winner is null || winner == entrant;
    }
}

/// <summary>One of them.</summary>
internal sealed class RaceEntrant(Race race, CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Cancelled when the other has won, or the request is over.</summary>
    public CancellationToken Token => _lost.Token;

    /// <summary>Whether it was the faster one; null: it is alone.</summary>
    public bool? Won => race.IsRun ? race.IsWonBy(this) : null;

    /// <summary>It has a result; false when the other had one before.</summary>
    public bool TryWin() => race.TryWin(this);

    /// <summary>The other has won.</summary>
    public Task LoseAsync() => _lost.CancelAsync();

    public void Dispose() => _lost.Dispose();
}

/// <summary>Keeps the events of one try back until it has won.</summary>
/// <param name="sink">Where they go.</param>
/// <param name="entrant">The try.</param>
/// <param name="role">What an event is.</param>
internal sealed class RacingSink<TMessage>(IRelaySink<TMessage> sink, RaceEntrant entrant, Func<TMessage, RaceRole> role) : IRelaySink<TMessage>
    where TMessage : class
{
    private TMessage? _started;
    private bool _won;

    public async ValueTask AcceptAsync(TMessage message, CancellationToken cancellationToken)
    {
        if (!_won)
        {
            switch (role(message))
            {
                case RaceRole.Start:
                    _started = message;
                    return;
                case RaceRole.Passing:
                    return;
            }

            if (!entrant.TryWin())
            {
                throw new OperationCanceledException("Another worker was faster.");
            }

            _won = true;
            if (_started is { } started)
            {
                await sink.AcceptAsync(started, cancellationToken);
            }
        }

        await sink.AcceptAsync(message, cancellationToken);
    }

    public bool TryRestart() => sink.TryRestart();
}

/// <summary>What an event means in a race.</summary>
internal enum RaceRole
{
    /// <summary>It must come before the result, and is kept.</summary>
    Start,

    /// <summary>It will be made good by a later one.</summary>
    Passing,

    /// <summary>It decides.</summary>
    Result,
}
