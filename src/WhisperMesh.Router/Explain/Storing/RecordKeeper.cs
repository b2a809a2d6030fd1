using WhisperMesh.Router.Explain.Taking;
using WhisperMesh.Router.Explain.Telling;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Explain.Storing;

/// <summary>Writes down what became of requests that have ended: in memory, and in Redis when it is there. Nobody waits for it.</summary>
internal sealed class RecordKeeper(
    Journeys journeys, JourneyTeller teller, RecordRing ring, RedisRecords redis, TimeProvider time, ILogger<RecordKeeper> logger)
    : BackgroundService
{
    private const int MostAtOnce = 64;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var records = new List<KeptRecord>(MostAtOnce);
        while (await journeys.Ended.WaitToReadAsync(stoppingToken))
        {
            records.Clear();
            while (records.Count < MostAtOnce && journeys.Ended.TryRead(out var journey))
            {
                if (Keep(journey) is { } record)
                {
                    records.Add(record);
                }
            }

            await ShareAsync(records, stoppingToken);
        }
    }

    private KeptRecord? Keep(Journey journey)
    {
        try
        {
            var record = KeptRecord.Of(teller.Tell(journey), time.GetUtcNow());
            ring.Add(record);
            return record;
        }
        catch (Exception e)
        {
            // One that can't be told must not cost those after it.
            ExplainLog.NotTold(logger, e, journey.Id);
            return null;
        }
        finally
        {
            journeys.Forget(journey);
        }
    }

    private async Task ShareAsync(List<KeptRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0 || !redis.IsUp)
        {
            return;
        }

        try
        {
            await redis.WriteAsync(records, cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            ExplainLog.NotShared(logger, records.Count, e.InnerException?.Message ?? "it does not answer");
        }
    }
}

internal static partial class ExplainLog
{
    [LoggerMessage(519, LogLevel.Information, "{RequestId}: heard for tenant {Tenant}: {Text}")]
    public static partial void Heard(ILogger logger, string requestId, string tenant, string text);

    [LoggerMessage(520, LogLevel.Warning, "{RequestId}: what became of it could not be written down")]
    public static partial void NotTold(ILogger logger, Exception exception, string requestId);

    [LoggerMessage(521, LogLevel.Debug, "Records of {Count} requests are in this router's memory only: {Reason}")]
    public static partial void NotShared(ILogger logger, int count, string reason);
}
