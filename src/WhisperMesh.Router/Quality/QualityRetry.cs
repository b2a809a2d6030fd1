using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Quality;

/// <summary>A request whose first result is doubtful.</summary>
/// <param name="Job">The request.</param>
/// <param name="Settings">Its route's settings.</param>
/// <param name="First">The result.</param>
/// <param name="Elapsed">How long that took.</param>
internal sealed record DoubtfulJob(TranscriptionJob Job, QualitySettings Settings, JudgedResult First, TimeSpan Elapsed);

/// <summary>Two tries at one request.</summary>
internal sealed record RetryTried(RouteTaken First, RouteTaken Second, ResultQuality Quality);

/// <summary>Has a request transcribed once more, where there is time for it, and keeps the better result.</summary>
internal sealed class QualityRetry(RetryTime predicted, IMeshConfigurationSource configuration, TimeProvider time)
{
    // What is left for sending the first result when the second did not come in time.
    private static readonly TimeSpan Reserve = TimeSpan.FromMilliseconds(250);

    /// <returns>The result to send; its route says how it came about.</returns>
    public async Task<JudgedResult> RunAsync(
        ITranscriptionStage next, DoubtfulJob doubtful, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        var (job, settings, first, _) = doubtful;
        if (job.Deadline is { } deadline && time.GetUtcNow().UtcDateTime + predicted.Of(doubtful) + Reserve > deadline)
        {
            return Noted(first, QualityNotes.NoTime(first.Quality));
        }

        var again = Again(doubtful);
        try
        {
            var second = await RunOnceAsync(next, again, settings, sink, cancellationToken);
            return Better(job, first, second);
        }
        catch (MeshException e) when (e.Reason == ErrorReasons.NoWorker && settings.Retry is null && !cancellationToken.IsCancellationRequested)
        {
            return await OnSameWorkerAsync(next, doubtful, again, sink, cancellationToken);
        }
        catch (MeshException e) when (!cancellationToken.IsCancellationRequested)
        {
            return Noted(first, QualityNotes.Failed(first.Quality, e.Message));
        }
    }

    /// <summary>There is no other worker: the same one may do better, if it is asked otherwise.</summary>
    private static async Task<JudgedResult> OnSameWorkerAsync(
        ITranscriptionStage next,
        DoubtfulJob doubtful,
        TranscriptionJob again,
        IRelaySink<StreamTranscribeResponse> sink,
        CancellationToken cancellationToken)
    {
        var first = doubtful.First;
        if (again.Config.Equals(doubtful.Job.Config))
        {
            return Noted(first, QualityNotes.NobodyElse(first.Quality));
        }

        try
        {
            var same = again with { Excluded = doubtful.Job.Excluded };
            return Better(same, first, await RunOnceAsync(next, same, doubtful.Settings, sink, cancellationToken));
        }
        catch (MeshException e) when (!cancellationToken.IsCancellationRequested)
        {
            return Noted(first, QualityNotes.Failed(first.Quality, e.Message));
        }
    }

    private static async Task<JudgedResult> RunOnceAsync(
        ITranscriptionStage next,
        TranscriptionJob job,
        QualitySettings settings,
        IRelaySink<StreamTranscribeResponse> sink,
        CancellationToken cancellationToken)
    {
        if (job.Origin.Journey is { } journey)
        {
            journey.Purpose = Purposes.QualityRetry;
        }

        var held = new HeldTranscript(sink, announce: false);
        await next.RunAsync(job, held, cancellationToken);
        return new JudgedResult(held, ResultQuality.Of(held.Segments, settings));
    }

    private TranscriptionJob Again(DoubtfulJob doubtful)
    {
        var (job, settings, first, _) = doubtful;
        var config = job.Config.Clone();
        if (settings.RetryTemperature is { } temperature)
        {
            config.Temperature = (float)temperature;
            config.BeamSize = temperature > 0 ? 0 : config.BeamSize;
        }

        if (first.Quality.IsOtherLanguage)
        {
            // What is spoken is to be found out, stretch by stretch, whatever was named.
            config.LanguageCode = "";
            config.LanguageSwitching = new LanguageSwitching { WindowCount = 1, Probability = config.LanguageSwitching?.Probability ?? 0 };
        }

        return job with
        {
            Config = config,
            RouteLanguage = first.Quality.IsOtherLanguage ? "" : job.RouteLanguage,
            Plan = job.Plan with
            {
                Quality = null,
                Pools = settings.Retry is { } pool ? [RoutePools.Of(pool, configuration.Current)] : job.Plan.Pools,
                Deadline = job.Deadline - Reserve,
            },
            Excluded = settings.Retry is null ? new HashSet<string>([.. job.Excluded, first.WorkerId]) : job.Excluded,
        };
    }

    private static JudgedResult Better(TranscriptionJob job, JudgedResult first, JudgedResult second)
    {
        var tried = new RetryTried(first.Route.Clone(), second.Route.Clone(), second.Quality);
        var (kept, left, note) = second.Quality.IsBetterThan(first.Quality)
            ? (second, first, QualityNotes.Replaced(tried, first.Quality))
            : (first, second, QualityNotes.KeptFirst(tried, first.Quality));
        job.Origin.Journey?.OnJudged(Purposes.Work, first, kept == first);
        job.Origin.Journey?.OnJudged(Purposes.QualityRetry, second, kept == second);
        var route = kept.Route;
        route.AttemptCount = tried.First.AttemptCount + tried.Second.AttemptCount;
        route.External = tried.First.External || tried.Second.External;
        route.Reason = kept == second ? $"quality retry, {route.Reason}" : $"{route.Reason}, kept after a quality retry";
        route.DiscardedAudioDuration = left.AudioDuration.ToDuration();
        Noted(kept, note);
        if (kept.Started is { } started)
        {
            started.Route = route.Clone();
        }

        return kept;
    }

    private static JudgedResult Noted(JudgedResult result, string note)
    {
        result.Route.Notes.Add(note);
        return result;
    }
}
