using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Engine;
using WhisperMesh.Transcription.Telemetry;
using WhisperMesh.Whisper;
using LanguageProbability = WhisperMesh.Speech.V1.LanguageProbability;
using TranscriptionTimings = WhisperMesh.Speech.V1.TranscriptionTimings;

namespace WhisperMesh.Transcription.Requests;

/// <summary>The one writer of a response stream: turns the engine's events into the contract's.</summary>
/// <param name="job">What is transcribed.</param>
/// <param name="workerId">Who does.</param>
/// <param name="revision">Of the model's files.</param>
/// <param name="stream">Where the events go.</param>
/// <param name="timeProvider">Time.</param>
internal sealed class ResponseWriter(
    TranscriptionJob job,
    string workerId,
    string revision,
    IServerStreamWriter<StreamTranscribeResponse> stream,
    TimeProvider timeProvider)
{
    private const int MaxLanguageProbabilities = 5;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    private readonly long _begin = timeProvider.GetTimestamp();
    private readonly TranscriptionSummary _summary = new();
    private DateTimeOffset _engineStart;
    private long _lastProgress;
    private bool _progressSent;
    private string? _doubt;

    public TimeSpan Queued { get; set; }

    /// <summary>The model that spells the tokens of the segments.</summary>
    public WhisperModel? Speller { get; set; }

    public int SegmentCount => _summary.SegmentCount;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _engineStart = timeProvider.GetUtcNow();
        var started = new TranscriptionStarted { RequestId = job.RequestId, WorkerId = workerId, Model = job.Model };
        return stream.WriteAsync(new StreamTranscribeResponse { Started = started }, cancellationToken);
    }

    public async Task WriteAsync(TranscriptionEvent happening, AudioDecodeReport report, CancellationToken cancellationToken)
    {
        switch (happening)
        {
            case LanguageDetected detected:
                _summary.LanguageCode = detected.Language;
                _summary.LanguageProbabilities.Add(detected.Probabilities
                    .OrderByDescending(entry => entry.Probability)
                    .Take(MaxLanguageProbabilities)
                    .Select(entry => new LanguageProbability { LanguageCode = entry.Language, Probability = entry.Probability }));
                break;
            case SegmentRecognized recognized:
                var segment = SegmentMapper.Map(recognized.Segment, job.TokenDetails ? Speller : null);
                _summary.SegmentCount++;
                _doubt ??= VerdictNames.DoubtOf(segment.Verdict);
                // Tells at once how far this came: if the worker dies, another goes on from there.
                _progressSent = false;
                await stream.WriteAsync(new StreamTranscribeResponse { Segment = segment }, cancellationToken);
                break;
            case Progressed progressed when IsProgressDue():
                await ProgressAsync(progressed.Received, progressed.Processed, cancellationToken);
                break;
            case Completed completed:
                Complete(completed);
                await ProgressAsync(report.Duration, report.Duration, cancellationToken);
                break;
        }
    }

    public Task SummaryAsync(AudioDecodeReport report, CancellationToken cancellationToken)
    {
        _summary.RequestId = job.RequestId;
        _summary.Attempt = job.Attempt;
        _summary.WorkerId = workerId;
        _summary.Model = job.Model;
        _summary.WorkerVersion = WorkerDescription.Version;
        _summary.ModelRevision = revision;
        _summary.AudioDuration = report.Duration.ToDuration();
        _summary.ChannelCount = report.SourceChannelCount;
        _summary.Warnings.Add(job.Warnings);
        _summary.Warnings.Add(report.Warnings);
        Activity.Current?.SetTag(TelemetryNames.Attributes.AudioSeconds, report.Duration.TotalSeconds)
            .SetTag(TelemetryNames.Attributes.Segments, _summary.SegmentCount)
            .SetTag(TelemetryNames.Attributes.Verdict, _doubt ?? VerdictNames.Ok);
        _summary.Timings ??= new TranscriptionTimings();
        _summary.Timings.Queued = Queued.ToDuration();
        _summary.Timings.AudioDecoding = report.DecodeTime.ToDuration();
        _summary.Timings.Total = timeProvider.GetElapsedTime(_begin).ToDuration();
        return stream.WriteAsync(new StreamTranscribeResponse { Summary = _summary }, cancellationToken);
    }

    private void Complete(Completed completed)
    {
        var timings = completed.Timings;
        if (job.Request.Language is { } language)
        {
            _summary.LanguageCode = language;
        }

        _summary.Warnings.Add(completed.Warnings);
        _summary.SpeechDuration = completed.SpeechDuration.ToDuration();
        _summary.Timings = new TranscriptionTimings
        {
            VoiceDetection = timings.VoiceActivity.ToDuration(),
            Decoding = (timings.Encoding + timings.Decoding).ToDuration(),
            ModelQueued = timings.Queued.ToDuration(),
            Features = timings.Features.ToDuration(),
            Encoder = timings.Encoding.ToDuration(),
            Decoder = timings.Decoding.ToDuration(),
            Prefill = timings.Prefill.ToDuration(),
            LanguageDetection = timings.LanguageDetection.ToDuration(),
            Alignment = timings.Alignment.ToDuration(),
        };
        var work = completed.Work;
        _summary.Work = new TranscriptionWork
        {
            WindowCount = work.Windows,
            DecoderStepCount = work.Steps,
            MeanRowCount = (float)work.MeanRows,
            TokenCount = work.Tokens,
            FallbackCount = work.Fallbacks,
        };
        TellVoiceDetection(completed);
    }

    // The engine looks for voice and hears it by turns: the span covers the whole, and says how much of it was its own.
    private void TellVoiceDetection(Completed completed)
    {
        using var activity = TranscriptionTelemetry.Source.StartActivity(
            TelemetryNames.Spans.VoiceDetection, ActivityKind.Internal, default(ActivityContext), startTime: _engineStart);
        activity?.SetTag(TelemetryNames.Attributes.BusySeconds, completed.Timings.VoiceActivity.TotalSeconds)
            .SetTag(TelemetryNames.Attributes.SpeechSeconds, completed.SpeechDuration.TotalSeconds);
    }

    private bool IsProgressDue() => !_progressSent || timeProvider.GetElapsedTime(_lastProgress) >= ProgressInterval;

    private Task ProgressAsync(TimeSpan received, TimeSpan processed, CancellationToken cancellationToken)
    {
        (_progressSent, _lastProgress) = (true, timeProvider.GetTimestamp());
        var progress = new TranscriptionProgress { AudioReceived = received.ToDuration(), AudioProcessed = processed.ToDuration() };
        return stream.WriteAsync(new StreamTranscribeResponse { Progress = progress }, cancellationToken);
    }
}
