using System.Diagnostics;
using Grpc.Core;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Health;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Transcription.Requests;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Live;

/// <summary>Runs one live stream: what comes in goes to the engine, beside what the engine tells.</summary>
internal sealed class LiveRunner(
    ModelRegistry models,
    WorkerIdentity identity,
    LiveMetrics metrics,
    DrainState drain,
    DrainPatience patience,
    TimeProvider timeProvider,
    ILogger<LiveRunner> logger)
{
    public async Task RunAsync(
        LiveJob job,
        LiveTicket ticket,
        IAsyncStreamReader<StreamLiveRequest> requestStream,
        IServerStreamWriter<StreamLiveResponse> responseStream,
        CancellationToken cancellationToken)
    {
        Describe(Activity.Current, job);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.HandBack);
        using var audio = new RawSampleReader(job.Format, job.Options.Resume?.Checkpoint.Sample ?? 0, job.Position);
        var progress = new LiveProgressMeter(audio);
        var begin = progress.Received;
        var writer = new LiveResponseWriter(job, identity.Id, audio, progress, metrics, responseStream);
        var outcome = LiveMetrics.Failed;
        try
        {
            using var model = await models.AcquireAsync(job.Model, stop.Token);
            await using var live = model.Transcriber.Live(job.Options);
            await writer.StartedAsync(stop.Token);
            LiveLog.Started(logger, job.RequestId, job.Attempt, job.Model, begin);
            var feed = new LiveFeed(requestStream, audio, progress, live);
            var told = await BesideAsync(
                feed.RunAsync(stop.Token), new LiveTeller(writer, timeProvider, drain.Draining).RunAsync(live, stop.Token), stop);
            outcome = told ? LiveMetrics.Succeeded : throw HandedBack();
        }
        catch (Exception) when (patience.HandBack.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            outcome = LiveMetrics.Moved;
            throw HandedBack();
        }
        catch (MeshException exception) when (exception.Reason == ErrorReasons.Draining)
        {
            outcome = LiveMetrics.Moved;
            throw;
        }
        catch (WhisperException exception)
        {
            throw EngineErrors.Map(exception);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            outcome = LiveMetrics.Cancelled;
            throw;
        }
        finally
        {
            ticket.Audio = progress.Received - begin;
            metrics.Ended(outcome, ticket.Audio, writer.Completed);
            LiveLog.Ended(logger, job.RequestId, outcome, ticket.Audio);
        }
    }

    private static void Describe(Activity? call, LiveJob job)
    {
        if (call is { IsAllDataRequested: true })
        {
            call.SetTag(TelemetryNames.Attributes.RequestId, job.RequestId);
            call.SetTag(TelemetryNames.Attributes.Attempt, job.Attempt);
            call.SetTag(TelemetryNames.Attributes.Model, job.Model);
            call.SetTag(TelemetryNames.Attributes.ResumedFrom, job.Options.Resume?.Checkpoint.Sample / (double)AudioLimits.SpeechSampleRateHz);
        }
    }

    /// <summary>Runs both; whichever fails ends the other. The request stream must not be read after the handler has returned.</summary>
    private static async Task<bool> BesideAsync(Task feed, Task<bool> tell, CancellationTokenSource stop)
    {
        if (await Task.WhenAny(feed, tell) == feed && feed.IsCompletedSuccessfully)
        {
            return await tell;
        }

        var feedFailed = feed.IsFaulted;
        await stop.CancelAsync();
        await feed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)tell).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Of an engine that failed, whoever feeds it may hear first: the same failure, from either.
        if (feedFailed)
        {
            await feed;
        }

        return await tell;
    }

    private static MeshException HandedBack() => MeshException.Unavailable(
        ErrorReasons.Draining, "This worker is shutting down and hands the stream back.", TimeSpan.FromSeconds(1));
}
