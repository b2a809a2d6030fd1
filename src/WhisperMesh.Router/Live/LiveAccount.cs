using WhisperMesh.Router.Tenants;
using WhisperMesh.Router.Tenants.Budgets;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.Router.Tenants.Usage;

namespace WhisperMesh.Router.Live;

/// <summary>
/// What a stream takes of its tenant's budgets: a slice of audio ahead of what comes, since nobody knows how long it will be. Usage is
/// written each minute, so that a router that dies loses little of it. Closed once, with exactly what came.
/// </summary>
internal sealed class LiveAccount(BudgetGate gate, UsageLedger ledger, MeshClock clock, BudgetHold first) : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);

    // Where no whole slice is left, the rest is taken in these.
    private static readonly TimeSpan SmallSlice = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan WrittenEvery = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _writing = new();
    private readonly List<BudgetHold> _holds = [first];
    private readonly bool _bounded = first.Budgets.Any(budget => budget.Kind == BudgetKind.Audio);
    private long _reservedTicks = first.Reserved.Audio.Ticks;
    private TimeSpan _written;
    private int _entries;
    private bool _closed;

    public static async Task<LiveAccount> OpenAsync(
        BudgetGate gate, UsageLedger ledger, MeshClock clock, Caller caller, BudgetReport report, CancellationToken cancellationToken) =>
        new(gate, ledger, clock, await gate.AdmitAsync(caller, new BudgetCost(SmallSlice, 0), report, cancellationToken));

    /// <summary>Takes more where so much audio needs it.</summary>
    /// <exception cref="ServiceDefaults.Errors.MeshException">The budget is spent.</exception>
    public async ValueTask EnsureAsync(TimeSpan audio, CancellationToken cancellationToken)
    {
        if (!_bounded || audio.Ticks <= Volatile.Read(ref _reservedTicks))
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (!_closed && audio.Ticks > _reservedTicks)
            {
                var hold = await gate.TryExtendAsync(first, new BudgetCost(Slice, 0), cancellationToken)
                    ?? await gate.ExtendAsync(first, new BudgetCost(SmallSlice, 0), cancellationToken);
                _holds.Add(hold);
                Volatile.Write(ref _reservedTicks, _reservedTicks + hold.Reserved.Audio.Ticks);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes down what came since the last time, where that is a minute or more.</summary>
    /// <param name="audio">Audio that came so far.</param>
    /// <param name="model">Model that serves.</param>
    /// <param name="language">Language spoken.</param>
    public Task WriteAsync(TimeSpan audio, string model, string language)
    {
        lock (_writing)
        {
            return _closed || audio - _written < WrittenEvery
                ? Task.CompletedTask
                : ledger.WriteAsync(NextEntry(audio, model, language, []));
        }
    }

    /// <summary>Writes down the rest of what came, and gives back what did not.</summary>
    /// <param name="audio">Audio that came.</param>
    /// <param name="model">Model that served; null: nobody did.</param>
    /// <param name="language">Language spoken.</param>
    public async Task CloseAsync(TimeSpan audio, string? model, string language)
    {
        // Whoever is about to take more is waited for; nobody takes more after this.
        await _turn.WaitAsync(CancellationToken.None);
        lock (_writing)
        {
            _closed = true;
        }

        _turn.Release();
        var left = model is null ? TimeSpan.Zero : audio;
        var counters = new List<CounterChange>();
        for (var i = 0; i < _holds.Count; i++)
        {
            var hold = _holds[i];
            var part = i == _holds.Count - 1 || left < hold.Reserved.Audio ? left : hold.Reserved.Audio;
            left -= part;
            var actual = new BudgetCost(part, 0);
            gate.Release(hold, actual);
            counters.AddRange(hold.Corrections(actual).Select(change => new CounterChange(change.Budget.Counter, change.Budget.Kind, change.Amount)));
        }

        if (model is null && counters.Count == 0)
        {
            return;
        }

        await ledger.WriteAsync(NextEntry(audio, model, language, counters));
    }

    public void Dispose() => _turn.Dispose();

    private UsageEntry NextEntry(TimeSpan audio, string? model, string language, IReadOnlyList<CounterChange> counters)
    {
        var (number, part) = (_entries++, audio - _written);
        _written = audio;
        return new UsageEntry
        {
            // Each is written once, under its own id.
            Id = number == 0 ? first.Id : $"{first.Id}.{number}",
            Tenant = first.Caller.TenantId,
            At = clock.UtcNow,
            Slot = model is null ? null : new UsageSlot(first.Caller.KeyId ?? "", model, language, ""),
            Amounts = model is null ? UsageAmounts.None : new UsageAmounts(number == 0 ? 1 : 0, (long)part.TotalMilliseconds, 0, 0),
            Counters = counters,
        };
    }
}
