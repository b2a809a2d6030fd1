using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Upstreams;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>
/// The last stage of a transcription: to a worker and its events back. When that one fails another goes on from the last finished
/// segment, and the stages before see one transcript.
/// </summary>
internal sealed class TranscriptionRelay(RelayRunner runner, RefusedAudio refused, TimeProvider time, ILogger<TranscriptionRelay> logger)
    : ITranscriptionStage
{
    public async Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        await refused.CheckAsync(job.Audio, cancellationToken);
        var transcript = new ResumingTranscript(sink.AcceptAsync, renewsStart: true, from: job.Config.ResumeOffset?.ToTimeSpan() ?? TimeSpan.Zero);
        await runner.RunAsync(
            new RelayPlan
            {
                Operation = "transcribe",
                RequestId = job.Origin.RequestId,
                Journey = job.Origin.Journey,
                Purpose = job.Origin.Journey?.Purpose ?? Purposes.Work,
                Requirements = job.Requirements,
                Route = job.Plan,
                Deadline = job.Deadline,
                Excluded = job.Excluded,
                TryAsync = (worker, attempt, token) => TryAsync(job, transcript, worker, attempt, token),
                TryRestart = transcript.TryRestart,
                Progress = () => transcript.Done,
                OnDeathAsync = worker => refused.OnDeathAsync(job.Audio, worker, job.Origin.RequestId),
            },
            cancellationToken);
        refused.OnServed(job.Audio);
    }

    private async Task<WorkerOutcome> TryAsync(
        TranscriptionJob job, ResumingTranscript transcript, WorkerHold worker, RelayTry attempt, CancellationToken cancellationToken)
    {
        UpstreamGuard.Check(job.Plan, worker, job.Origin.RequestId, logger);
        var config = job.Config.Clone();
        config.Model = worker.Model;
        config.Attempt = attempt.Number;
        var route = RouteNotes.Of(job.Plan, worker, attempt.Number);
        var from = GoOn(config, transcript, worker, route);
        attempt.Noted?.OnResume(from);
        var routed = new RoutedTranscript(transcript, route, attempt.Noted);
        IRelaySink<StreamTranscribeResponse> sink = attempt.Entrant is { } entrant
            ? new RacingSink<StreamTranscribeResponse>(routed, entrant, RoleOf)
            : routed;
        var begin = new AudioClock(job.Audio, time, cancellationToken);
        await worker.Connection.TranscribeAsync(config, job.Audio, job.Deadline, sink, cancellationToken);
        return new WorkerOutcome(WorkerOutcomeKind.Served, begin.Elapsed, routed.Audio > from ? routed.Audio - from : TimeSpan.Zero);
    }

    /// <summary>Lets a worker that takes over go on where the last one was. Others' servers can only begin again.</summary>
    private static TimeSpan GoOn(TranscriptionConfig config, ResumingTranscript transcript, WorkerHold worker, RouteTaken route)
    {
        if (worker.External || !transcript.HasMoved)
        {
            return worker.External ? TimeSpan.Zero : transcript.Done;
        }

        var from = transcript.Resume();
        config.ResumeOffset = Duration.FromTimeSpan(from);
        if (transcript.Language is { Length: > 0 } language && config.Task != TranscriptionTask.Translate)
        {
            // Found once, it holds: the rest must not turn out in another language.
            config.LanguageCode = language;
            config.LanguageCodes.Clear();
        }

        route.Notes.Add(FormattableString.Invariant($"Went on from {from.TotalSeconds:F1} s, where another worker had failed."));
        return from;
    }

    private static RaceRole RoleOf(StreamTranscribeResponse message) => message.EventCase switch
    {
        StreamTranscribeResponse.EventOneofCase.Started => RaceRole.Start,
        StreamTranscribeResponse.EventOneofCase.Progress => RaceRole.Passing,
        _ => RaceRole.Result,
    };
}

/// <summary>Time that a worker takes from when it could have all the audio: a client that sends slowly is not its fault.</summary>
internal sealed class AudioClock
{
    private readonly TimeProvider _time;
    private long _begin;

    public AudioClock(SpoolFile audio, TimeProvider time, CancellationToken cancellationToken)
    {
        (_time, _begin) = (time, time.GetTimestamp());
        if (audio.ContentHash is null)
        {
            _ = WatchAsync(audio, cancellationToken);
        }
    }

    public TimeSpan Elapsed => _time.GetElapsedTime(Interlocked.Read(ref _begin));

    private async Task WatchAsync(SpoolFile audio, CancellationToken cancellationToken)
    {
        await ((Task)audio.WaitForHashAsync(cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Exchange(ref _begin, _time.GetTimestamp());
    }
}
