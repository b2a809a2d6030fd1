using WhisperMesh.Router.Telemetry;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Tenants.Usage;

/// <summary>Writes what requests came to: into Redis, or, while it is gone, into a journal that is written there afterwards.</summary>
internal sealed class UsageLedger(
    TenantRedis redis, UsageStore store, UsageJournal journal, BudgetMetrics metrics, TimeProvider time, ILogger<UsageLedger> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Returns once the entry can't be lost any more. Never throws, and does not stop for a caller that is gone.</summary>
    public async Task WriteAsync(UsageEntry entry)
    {
        metrics.OnSpent(entry.Amounts);

        // Where there is no Redis there is nobody to ask for usage either.
        if (!redis.IsConfigured)
        {
            return;
        }

        try
        {
            await store.WriteAsync(entry, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            journal.Append(entry);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!redis.IsConfigured)
        {
            return;
        }

        using var beat = new PeriodicTimer(Interval, time);
        do
        {
            if (redis.IsUp)
            {
                await ReconcileAsync(stoppingToken);
            }
        }
        while (await beat.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await journal.DrainAsync(entry => store.WriteAsync(entry, cancellationToken), cancellationToken) is > 0 and var count)
            {
                UsageLog.Reconciled(logger, count);
            }
        }
        catch (StoreUnavailableException)
        {
            // The files stay, and what was written already is known by its id.
        }
    }
}
