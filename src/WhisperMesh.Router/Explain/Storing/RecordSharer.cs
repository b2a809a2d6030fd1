using System.Threading.Channels;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Explain.Storing;

/// <summary>
/// Writes records to Redis, for the other routers, those of a moment together: one by one they would cost each request a round trip.
/// </summary>
internal sealed class RecordSharer(RedisRecords redis, TimeProvider time, ILogger<RecordSharer> logger) : BackgroundService
{
    private const int MostAtOnce = 64;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);

    private readonly Channel<KeptRecord> _waiting = Channel.CreateBounded<KeptRecord>(
        new BoundedChannelOptions(Journeys.MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Has a record written soon; when more come than can be written, the oldest stay in this router's memory only.</summary>
    public void Add(KeptRecord record)
    {
        if (redis.IsConfigured)
        {
            _waiting.Writer.TryWrite(record);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Gathering, time, stoppingToken);
                await WriteAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Other routers are asked for the last requests of this one too.
            await WriteAsync();
        }
    }

    /// <summary>Writes what waits, or as much of it as Redis takes: the rest waits for the next time.</summary>
    private async Task WriteAsync()
    {
        var records = new List<KeptRecord>(MostAtOnce);
        while (redis.IsUp && _waiting.Reader.TryRead(out var record))
        {
            records.Add(record);
            if (records.Count == MostAtOnce || !_waiting.Reader.TryPeek(out _))
            {
                if (!await TryWriteAsync(records))
                {
                    return;
                }

                records.Clear();
            }
        }
    }

    private async Task<bool> TryWriteAsync(List<KeptRecord> records)
    {
        try
        {
            await redis.WriteAsync(records, CancellationToken.None);
            return true;
        }
        catch (StoreUnavailableException e)
        {
            ExplainLog.NotShared(logger, records.Count, e.InnerException?.Message ?? "it does not answer");

            // Should they have been written all the same, the next time changes nothing.
            records.ForEach(Add);
            return false;
        }
    }
}
