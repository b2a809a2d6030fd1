using System.Diagnostics;
using WhisperMesh.Router.Cache.Flights;
using WhisperMesh.Router.Relay;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>Does the work of flights: looks for the result, has it made, keeps it.</summary>
internal sealed class FlightCrew(
    RedisResults results,
    ClaimWatch claims,
    FlightBoard board,
    ServerBook servers,
    CacheTelemetry telemetry,
    TimeProvider time,
    ILogger<FlightCrew> logger)
{
    // Longer than this, doing it twice is better than having a caller wait for a router that may be in trouble.
    private static readonly TimeSpan OthersBound = TimeSpan.FromSeconds(30);

    /// <summary>Starts a flight.</summary>
    /// <param name="flight">The flight.</param>
    /// <param name="request">The request that it is made for.</param>
    /// <param name="next">Makes the result.</param>
    /// <param name="key">Where the result may stand; null while the upload grows.</param>
    /// <returns>To be disposed when the request ends, while the flight may go on.</returns>
    public IDisposable Start(Flight flight, CachedRequest request, ITranscriptionStage next, CacheKey? key)
    {
        var headers = new LentHeaders(request.Job.Origin.Header);
        var job = request.Job with { Origin = request.Job.Origin with { Header = headers.Get } };
        var audio = job.Audio.TryHold();
        flight.Source = results.IsUp ? CacheResult.Miss : CacheResult.Unspecified;
        flight.Trace = Activity.Current?.Context ?? default;
        flight.Start(async stopped =>
        {
            using (audio)
            {
                await WorkAsync(flight, request with { Job = job }, next, key, stopped);
            }
        });
        return headers;
    }

    /// <summary>A flight that has landed with a stored result; null when there is none.</summary>
    public async Task<Flight?> FindAsync(CachedRequest request, CacheKey key, CancellationToken cancellationToken)
    {
        if (await results.FindAsync(key, cancellationToken) is not { } value
            || StoredResult.Read(value) is not { } stored
            || !request.Takes(stored, time.GetUtcNow()))
        {
            return null;
        }

        var flight = new Flight(stored.Detail, request.Class) { Source = CacheResult.Hit, Trace = stored.Trace };
        await stored.TellAsync(flight.Log, cancellationToken);
        flight.Log.End();
        return flight;
    }

    /// <param name="request">The request.</param>
    /// <param name="result">Where its result came from.</param>
    /// <param name="made">The trace in which it was made.</param>
    public void OnServed(CachedRequest request, CacheResult result, ActivityContext made)
    {
        request.Lookup.End(result, made);
        CacheLog.Served(logger, request.Job.Origin.RequestId, result);
        telemetry.OnServed(result);
    }

    private async Task WorkAsync(
        Flight flight, CachedRequest request, ITranscriptionStage next, CacheKey? key, CancellationToken stopped)
    {
        IAsyncDisposable? claim = null;
        try
        {
            if (key is { } place && request.Terms.Reads)
            {
                claim = await FindOrClaimAsync(flight, request, place, stopped);
            }

            if (!flight.Log.HasEnded)
            {
                if (key is not null)
                {
                    request.Lookup.End(flight.Source);
                }

                await next.RunAsync(request.Job, flight.Log, stopped);
                flight.Log.End();
                await KeepAsync(flight, request);
            }

            board.Remove(flight);
        }
        catch (Exception e)
        {
            // First, so that nobody joins what has failed.
            board.Remove(flight);
            flight.Log.End(e);
        }
        finally
        {
            await (claim?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    /// <summary>Ends the flight when the result is there, or comes from another router.</summary>
    private async Task<IAsyncDisposable?> FindOrClaimAsync(
        Flight flight, CachedRequest request, CacheKey key, CancellationToken stopped)
    {
        var claimant = Claimant.New(request.Detail, request.Class);
        var begin = time.GetTimestamp();
        for (var waited = false; ; waited = true)
        {
            var finding = await results.FindOrClaimAsync(key, claimant, stopped);
            flight.Source = finding.IsAnswer ? CacheResult.Miss : CacheResult.Unspecified;
            if (finding.Value is { } value && StoredResult.Read(value) is { } stored && request.Takes(stored, time.GetUtcNow()))
            {
                (flight.Source, flight.Trace) = (waited ? CacheResult.Shared : CacheResult.Hit, stored.Trace);
                await stored.TellAsync(flight.Log, stopped);
                flight.Log.End();
                return null;
            }

            // Whoever reads along would hear nothing until the other router is done.
            if (finding.Claim != Claim.Theirs || request.Job.Streams || time.GetElapsedTime(begin) > OthersBound)
            {
                return finding.Claim == Claim.Ours ? claims.Keep(key, claimant) : null;
            }

            await claims.WaitAsync(key, stopped);
        }
    }

    private async Task KeepAsync(Flight flight, CachedRequest request)
    {
        if (StoredResult.Of(flight.Log.Events, flight.Detail, time.GetUtcNow(), flight.Trace) is not { } result
            || request.Job.Audio.ContentHash is not { } content
            || !servers.IsOneOf(request.Servers, result.Summary.Route))
        {
            return;
        }

        var value = result.ToBytes();
        await results.StoreAsync(request.KeyOf(content), value, request.Terms);
        CacheLog.Stored(logger, request.Job.Origin.RequestId, value.Length);
    }
}
