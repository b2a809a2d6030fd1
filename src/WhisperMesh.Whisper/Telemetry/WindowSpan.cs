using System.Diagnostics;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Scheduling;

namespace WhisperMesh.Whisper.Telemetry;

/// <summary>Takes in what a window took.</summary>
internal delegate void WindowSum(in WindowTotals totals);

/// <summary>
/// A window's way through the engine, or a pass's: a span with one for each stage in it, or, where a request has had enough of these,
/// a part of a sum. Of the one task that works on the window.
/// </summary>
/// <param name="activity">The span, which has begun; null for the sum only.</param>
/// <param name="sum">Takes what it took at the end; null: nobody does.</param>
/// <param name="clock">The request's.</param>
internal sealed class WindowSpan(Activity? activity, WindowSum? sum, SpanClock clock) : IDisposable
{
    private WindowTotals _totals;

    public void Featured(long begin) => Emit(TelemetryNames.Spans.Features, begin, Stopwatch.GetTimestamp())?.Dispose();

    /// <summary>A job of the window has ended, well or not.</summary>
    public void Add(WindowJob job)
    {
        _totals.Add(job);
        if (activity is null)
        {
            return;
        }
        Emit(TelemetryNames.Spans.Encoder, job.Of(Stage.Encoder));
        Emit(TelemetryNames.Spans.LanguageDetection, job.Of(Stage.Language));
        Emit(TelemetryNames.Spans.Prefill, job.Of(Stage.Prefill));
        ref readonly var decoder = ref job.Of(Stage.Decoder);
        if (decoder.Steps > 0)
        {
            using var span = Emit(TelemetryNames.Spans.Decoder, decoder.Begin, decoder.End, decoder.Busy);
            span?.SetTag(TelemetryNames.Attributes.Steps, decoder.Steps)
                .SetTag(TelemetryNames.Attributes.MeanRows, (double)decoder.Rows / decoder.Steps)
                .SetTag(TelemetryNames.Attributes.Tokens, job.Tokens)
                .SetTag(TelemetryNames.Attributes.Temperature, (job.Program as DecodeProgram)?.Temperature);
        }
    }

    public void Aligned(long begin) => Emit(TelemetryNames.Spans.Alignment, begin, Stopwatch.GetTimestamp())?.Dispose();

    public void Fell(Fallback why, float temperature)
    {
        _totals.Fallbacks++;
        activity?.AddEvent(new ActivityEvent(TelemetryNames.Events.Fallback, tags: new ActivityTagsCollection
        {
            { TelemetryNames.Attributes.Reason, WhisperTelemetry.Name(why) },
            { TelemetryNames.Attributes.Temperature, temperature },
        }));
    }

    public void Heard(RecognizedWindow heard) => activity?
        .SetTag(TelemetryNames.Attributes.Language, heard.Language)
        .SetTag(TelemetryNames.Attributes.Temperature, heard.Text.Temperature)
        .SetTag(TelemetryNames.Attributes.LogProbability, heard.Text.Text.AverageLogProbability)
        .SetTag(TelemetryNames.Attributes.NoSpeechProbability, heard.Text.Text.NoSpeechProbability)
        .SetTag(TelemetryNames.Attributes.CompressionRatio, heard.Text.CompressionRatio);

    public void Dispose()
    {
        sum?.Invoke(_totals);
        if (activity is not null)
        {
            _totals.Tag(activity);
            activity.Dispose();
        }
    }

    private void Emit(string name, in StageTime time)
    {
        if (time.Steps > 0)
        {
            Emit(name, time.Begin, time.End, time.Busy)?.Dispose();
        }
    }

    private Activity? Emit(string name, long begin, long end, TimeSpan? busy = null) => activity is null
        ? null
        : WhisperTelemetry.Source.StartActivity(name, ActivityKind.Internal, activity.Context, startTime: clock.At(begin))?
            .SetEndTime(clock.At(end).UtcDateTime)
            .SetTag(TelemetryNames.Attributes.BusySeconds, busy?.TotalSeconds);
}
