using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using WhisperMesh.Audio;
using WhisperMesh.Speech.V1;
using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Transcription.Live;

/// <summary>The one writer of a live stream's responses: turns the engine's events into the contract's, each with the progress.</summary>
internal sealed class LiveResponseWriter(
    LiveJob job, string workerId, RawSampleReader audio, LiveProgressMeter progress, LiveMetrics metrics, IServerStreamWriter<StreamLiveResponse> stream)
{
    private const long TicksPerSample = TimeSpan.TicksPerSecond / AudioLimits.SpeechSampleRateHz;

    private readonly LiveStatus _status = new() { Load = LiveLoad.Normal, WorkerId = workerId };
    private bool _isUtteranceOpen;

    /// <summary>Whether another worker may as well go on from here: nobody speaks, and the stream is not about to end.</summary>
    public bool CanMove => !_isUtteranceOpen && !progress.IsOver;

    /// <summary>The engine's last event, once it has come.</summary>
    public LiveCompleted? Completed { get; private set; }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var started = new LiveStarted
        {
            RequestId = job.RequestId,
            WorkerId = workerId,
            Model = job.Model,
            Resumed = job.Options.Resume is not null,
            Position = audio.Position,
        };
        started.Warnings.Add(job.Warnings);
        return SendAsync(new StreamLiveResponse { Started = started }, cancellationToken);
    }

    /// <summary>A sign of life.</summary>
    public Task StatusAsync(CancellationToken cancellationToken) =>
        SendAsync(new StreamLiveResponse { Status = _status }, cancellationToken);

    public Task WriteAsync(LiveEvent happened, CancellationToken cancellationToken)
    {
        progress.OnCommitted(happened.Committed);
        switch (happened)
        {
            case SpeechBegan began:
                _isUtteranceOpen = true;
                return SendAsync(
                    new() { SpeechStarted = new() { UtteranceIndex = began.Utterance, StartOffset = began.Start.ToDuration() } }, cancellationToken);
            case SpeechPaused paused:
                return SendAsync(
                    new() { SpeechEnded = new() { UtteranceIndex = paused.Utterance, EndOffset = paused.End.ToDuration() } }, cancellationToken);
            case WordsHeard heard:
                _isUtteranceOpen = true;
                metrics.Committed(heard.Words.Select(word => progress.Received - word.Start - word.Duration));
                metrics.Shown(heard.Tentative.Length == 0 ? null : progress.Received - heard.Heard);
                return job.OmitsTentative && heard.Words.Count == 0
                    ? Task.CompletedTask
                    : SendAsync(new() { Update = LiveMapper.Map(heard, job.OmitsTentative) }, cancellationToken);
            case UtteranceEnded ended:
                _isUtteranceOpen = false;
                var position = audio.PositionOf(ended.Checkpoint.Sample);
                progress.OnCheckpoint(position);
                return SendAsync(
                    new() { Final = LiveMapper.Map(ended, position, new TimeSpan(ended.Checkpoint.Sample * TicksPerSample)) }, cancellationToken);
            case LoadChanged changed:
                _status.Load = changed.Busy ? LiveLoad.Busy : LiveLoad.Normal;
                _status.PassInterval = changed.PassInterval.ToDuration();
                return StatusAsync(cancellationToken);
            case LiveCompleted completed:
                Completed = completed;
                return SendAsync(new() { Summary = Summary(completed) }, cancellationToken);
            default:
                throw new ArgumentOutOfRangeException(nameof(happened), happened, "There is no such event.");
        }
    }

    private Task SendAsync(StreamLiveResponse response, CancellationToken cancellationToken)
    {
        response.Progress = progress.Now;
        return stream.WriteAsync(response, cancellationToken);
    }

    private LiveSummary Summary(LiveCompleted completed)
    {
        var summary = new LiveSummary
        {
            RequestId = job.RequestId,
            WorkerId = workerId,
            Model = job.Model,
            AudioDuration = progress.Received.ToDuration(),
            SpeechDuration = completed.Speech.ToDuration(),
            UtteranceCount = completed.Utterances,
            PassCount = completed.Passes,
            Decoding = completed.Decoding.ToDuration(),
            LanguageCode = completed.Language ?? "",
        };
        summary.Warnings.Add(job.Warnings);
        summary.Warnings.Add(completed.Warnings);
        return summary;
    }
}
