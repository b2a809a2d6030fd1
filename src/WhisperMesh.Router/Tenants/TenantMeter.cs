using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tenants.Budgets;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.Router.Tenants.Usage;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tenants;

/// <summary>What a request came to.</summary>
/// <param name="Cost">What it took of budgets.</param>
/// <param name="Route">How it was served.</param>
/// <param name="Model">Model that served.</param>
/// <param name="Language">Language spoken; empty for speech.</param>
/// <param name="Billed">Audio that an upstream charges for.</param>
internal sealed record MeterReading(BudgetCost Cost, RouteTaken? Route, string Model, string Language, TimeSpan Billed);

/// <summary>Opens a request's account and closes it: budgets at the start, usage at the end, before the caller hears that it is the end.</summary>
internal sealed class TenantMeter(BudgetGate gate, UsageLedger ledger, MeshClock clock, IMeshConfigurationSource configuration)
{
    private const string UpstreamPrefix = "upstream:";
    private const decimal MicrosPerUnit = 1_000_000;

    /// <summary>Runs a request within its budgets, and writes down what it used before its end is passed on.</summary>
    /// <param name="origin">Who asks.</param>
    /// <param name="cost">What it is expected to take.</param>
    /// <param name="metered">Sees what it comes to.</param>
    /// <param name="run">The request.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes.</param>
    public async Task RunAsync(
        RequestOrigin origin, BudgetCost cost, IMetered metered, Func<Task> run, CancellationToken cancellationToken)
    {
        var hold = await gate.AdmitAsync(origin.Caller, cost, origin.Budgets, cancellationToken);
        var settled = false;
        try
        {
            await run();
            await CompleteAsync(hold, metered.Read());
            settled = true;
            await metered.FinishAsync(cancellationToken);
        }
        catch (Exception) when (!settled)
        {
            // A caller that has what it wanted and goes before the end has used what it got.
            await (cancellationToken.IsCancellationRequested && metered.HasDelivered
                ? CompleteAsync(hold, metered.Read())
                : GiveBackAsync(hold));
            throw;
        }
    }

    /// <summary>Writes down what the request used.</summary>
    private Task CompleteAsync(BudgetHold hold, MeterReading reading)
    {
        var upstream = Upstream(reading.Route);
        return WriteAsync(hold, reading.Cost, new UsageEntry
        {
            Id = hold.Id,
            Tenant = hold.Caller.TenantId,
            At = clock.UtcNow,
            Slot = new UsageSlot(hold.Caller.KeyId ?? "", reading.Model, reading.Language, upstream),
            Amounts = new UsageAmounts(1, (long)reading.Cost.Audio.TotalMilliseconds, reading.Cost.Characters, Price(upstream, reading)),
        });
    }

    /// <summary>Gives back what the request had reserved; it still counts as one of the minute's.</summary>
    private Task GiveBackAsync(BudgetHold hold) =>
        WriteAsync(hold, default, new UsageEntry { Id = hold.Id, Tenant = hold.Caller.TenantId, At = clock.UtcNow });

    private Task WriteAsync(BudgetHold hold, BudgetCost actual, UsageEntry entry)
    {
        gate.Release(hold, actual);
        var complete = entry with
        {
            Counters = [.. hold.Corrections(actual).Select(change => new CounterChange(change.Budget.Counter, change.Budget.Kind, change.Amount))],
        };
        return complete.Slot is null && complete.Counters.Count == 0 ? Task.CompletedTask : ledger.WriteAsync(complete);
    }

    private static string Upstream(RouteTaken? route) => route switch
    {
        // The result may be a worker's though an upstream was tried beside it.
        { External: true, WorkerId: var id } when id.StartsWith(UpstreamPrefix, StringComparison.Ordinal) => id[UpstreamPrefix.Length..],
        _ => "",
    };

    // What comes from the cache was paid for when it was computed.
    private long Price(string upstream, MeterReading reading)
    {
        if (upstream.Length == 0 || reading.Route?.Cache is CacheResult.Hit or CacheResult.Shared)
        {
            return 0;
        }

        var price = configuration.Current.Upstreams.FirstOrDefault(one => one.Name == upstream)?.PricePerMinute ?? 0;
        return (long)(price * (decimal)reading.Billed.TotalMinutes * MicrosPerUnit);
    }
}
