using WhisperMesh.Router.Cache.Flights;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>
/// Gives results that are kept, and has the same work done once for requests that come at the same time. An upload that still grows
/// is worked on at once: whether its result is there already shows when it is complete, and counts if no worker has answered by then.
/// </summary>
internal sealed class CacheStage(
    ITranscriptionStage next,
    FlightBoard board,
    FlightCrew crew,
    ServerBook servers,
    IMeshConfigurationSource configuration,
    TimeProvider time) : ITranscriptionStage
{
    // Work of others that fails for their reasons is done again, but not for ever.
    private const int MaxShares = 2;

    // What a timer can take.
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(30);

    public async Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        var terms = CacheTerms.Of(job, configuration.Current);
        if (terms is null || servers.Of(job) is not { AreUnknown: false } known)
        {
            await next.RunAsync(Scoped(job, ""), sink, cancellationToken);
            return;
        }

        using var lookup = new CacheLookup();
        var request = new CachedRequest(Scoped(job, terms.Reads ? terms.Scope : ""), terms, known) { Lookup = lookup };
        await (job.Audio.ContentHash is { } content
            ? ServeAsync(request, request.KeyOf(content), sink, cancellationToken)
            : ServeGrowingAsync(request, sink, cancellationToken));
    }

    private async Task ServeAsync(
        CachedRequest request, CacheKey key, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        for (var shares = 0; request.Shares && shares < MaxShares; shares++)
        {
            var own = new Flight(request.Detail, request.Class);
            if (board.JoinOrAdd(key, request.Detail, request.Class, own) is not { } shared)
            {
                await LeadAsync(own, request, key, sink, cancellationToken);
                return;
            }

            own.Dispose();
            if (await TryShareAsync(shared, request, sink, cancellationToken))
            {
                return;
            }
        }

        await LeadAsync(new Flight(request.Detail, request.Class), request, key, sink, cancellationToken);
    }

    private async Task ServeGrowingAsync(
        CachedRequest request, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        var flight = new Flight(request.Detail, request.Class);
        using var lent = crew.Start(flight, request, next, key: null);
        var content = request.Job.Audio.WaitForHashAsync(cancellationToken);
        await Task.WhenAny(content, flight.Log.Begun);
        if (!request.Shares || !content.IsCompletedSuccessfully)
        {
            if (request.Shares)
            {
                _ = AddWhenCompleteAsync(flight, request, content);
            }

            request.Lookup.End(flight.Source);
            await TravelAsync(flight, leads: true, request, sink, cancellationToken);
            return;
        }

        var key = request.KeyOf(await content);
        using var hit = flight.Log.Begun.IsCompleted ? null : await crew.FindAsync(request, key, cancellationToken);
        // A worker may have answered while the cache was asked, and its result even be what was found there.
        var begun = flight.Log.Begun.IsCompleted;
        if (begun)
        {
            board.Add(key, flight);
        }

        var other = begun ? null : hit ?? board.JoinOrAdd(key, request.Detail, request.Class, flight);
        if (other is null)
        {
            request.Lookup.End(flight.Source);
            await TravelAsync(flight, leads: true, request, sink, cancellationToken);
            return;
        }

        // Nothing of the own work has been told yet, unless it is the other's that goes on.
        await flight.LeaveAsync();
        if (!await TryShareAsync(other, request, sink, cancellationToken))
        {
            await ServeAsync(request, key, sink, cancellationToken);
        }
    }

    private async Task LeadAsync(
        Flight flight, CachedRequest request, CacheKey key, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        using var lent = crew.Start(flight, request, next, key);
        await TravelAsync(flight, leads: true, request, sink, cancellationToken);
    }

    /// <returns>False when the work failed for reasons that are not this request's, and it may be done again.</returns>
    private async Task<bool> TryShareAsync(
        Flight flight, CachedRequest request, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        try
        {
            await TravelAsync(flight, leads: false, request, sink, cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && !IsOver(request) && !IsAboutRequest(e) && sink.TryRestart())
        {
            return false;
        }
    }

    private async Task TravelAsync(
        Flight flight, bool leads, CachedRequest request, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        var own = new OwnEvents(request, flight, leads, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (request.Job.Deadline is { } deadline)
        {
            // Those who share work have deadlines of their own.
            end.CancelAfter(Until(deadline));
        }

        try
        {
            await flight.Log.FollowAsync(sink, own.Make, end.Token);
            crew.OnServed(request, own.Result, flight.Trace);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw MeshException.DeadlineExceeded();
        }
        finally
        {
            await flight.LeaveAsync();
        }
    }

    private bool IsOver(CachedRequest request) => request.Job.Deadline is { } deadline && Until(deadline) == TimeSpan.Zero;

    private TimeSpan Until(DateTime deadline)
    {
        var left = deadline - time.GetUtcNow().UtcDateTime;
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < LongestDeadline ? left : LongestDeadline;
    }

    private async Task AddWhenCompleteAsync(Flight flight, CachedRequest request, Task<Spool.ContentHash> content)
    {
        await ((Task)content).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (content.IsCompletedSuccessfully)
        {
            board.Add(request.KeyOf(await content), flight);
        }
    }

    private static bool IsAboutRequest(Exception failure) => failure is MeshException
    {
        StatusCode: global::Grpc.Core.StatusCode.InvalidArgument
            or global::Grpc.Core.StatusCode.NotFound
            or global::Grpc.Core.StatusCode.FailedPrecondition
            or global::Grpc.Core.StatusCode.Unimplemented,
    } or MeshException { Reason: ErrorReasons.AudioTooLarge or ErrorReasons.AudioTooLong };

    // Whatever a client says of the scope: it would be another tenant's if it could be guessed.
    private static TranscriptionJob Scoped(TranscriptionJob job, string scope)
    {
        if (job.Config.CacheScope == scope)
        {
            return job;
        }

        var config = job.Config.Clone();
        config.CacheScope = scope;
        return job with { Config = config };
    }
}
