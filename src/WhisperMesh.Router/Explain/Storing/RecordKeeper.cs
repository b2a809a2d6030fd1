using WhisperMesh.Router.Explain.Taking;
using WhisperMesh.Router.Explain.Telling;

namespace WhisperMesh.Router.Explain.Storing;

/// <summary>Writes down what became of requests that have ended: in memory, and in Redis when it is there. Nobody waits for it.</summary>
internal sealed class RecordKeeper(
    Journeys journeys, JourneyTeller teller, RecordRing ring, RecordSharer sharer, TimeProvider time, ILogger<RecordKeeper> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await journeys.Ended.WaitToReadAsync(stoppingToken))
            {
                KeepAll();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Those that ended while the router stopped.
            KeepAll();
        }
    }

    private void KeepAll()
    {
        while (journeys.Ended.TryRead(out var journey))
        {
            Keep(journey);
        }
    }

    private void Keep(Journey journey)
    {
        try
        {
            var record = KeptRecord.Of(teller.Tell(journey), time.GetUtcNow());
            ring.Add(record);
            sharer.Add(record);
        }
        catch (Exception e)
        {
            // One that can't be told must not cost those after it.
            ExplainLog.NotTold(logger, e, journey.Id);
        }
        finally
        {
            journeys.Forget(journey);
        }
    }
}

internal static partial class ExplainLog
{
    [LoggerMessage(519, LogLevel.Information, "{RequestId}: heard for tenant {Tenant}: {Text}")]
    public static partial void Heard(ILogger logger, string requestId, string tenant, string text);

    [LoggerMessage(520, LogLevel.Warning, "{RequestId}: what became of it could not be written down")]
    public static partial void NotTold(ILogger logger, Exception exception, string requestId);

    [LoggerMessage(521, LogLevel.Debug, "Records of {Count} requests are in this router's memory only, as yet: {Reason}")]
    public static partial void NotShared(ILogger logger, int count, string reason);
}
