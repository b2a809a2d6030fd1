using System.Diagnostics;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Whisper.Telemetry;

/// <summary>
/// A live stream in its caller's trace: a span for each utterance, and in it one for each pass. Of a stream that goes on for hours the
/// later passes count in their utterance only, and the later utterances in sums. At most one pass runs, of the open utterance.
/// </summary>
internal sealed class LiveTrace
{
    /// <summary>Passes with a span of their own.</summary>
    public const int DetailedPasses = 128;

    /// <summary>Utterances with a span of their own.</summary>
    public const int DetailedUtterances = 512;

    private readonly ActivityContext _stream;
    private readonly SpanClock _clock = new();
    private readonly SpanSum _sum;
    private Activity? _utterance;
    private WindowTotals _totals;
    private int _utterances;
    private int _passes;
    private int _passesOfUtterance;
    private bool _isOpen;

    private LiveTrace(ActivityContext stream)
    {
        _stream = stream;
        _sum = new SpanSum(TelemetryNames.Spans.Utterances, TelemetryNames.Attributes.UtteranceCount, stream, _clock);
    }

    /// <summary>Joins the trace of whoever calls; null where it is not recorded.</summary>
    public static LiveTrace? Join() =>
        Activity.Current is { IsAllDataRequested: true } caller && WhisperTelemetry.Source.HasListeners()
            ? new LiveTrace(caller.Context)
            : null;

    public void Begin(int utterance)
    {
        (_totals, _passesOfUtterance, _isOpen) = (default, 0, true);
        if (_utterances++ >= DetailedUtterances)
        {
            _sum.Begin();
            return;
        }
        // Not made the current one of the stream's task: it ends in another place.
        var current = Activity.Current;
        _utterance = WhisperTelemetry.Source.StartActivity(
            TelemetryNames.Spans.Utterance, ActivityKind.Internal, _stream, startTime: _clock.At(Stopwatch.GetTimestamp()));
        _utterance?.SetTag(TelemetryNames.Attributes.UtteranceIndex, utterance);
        Activity.Current = current;
    }

    public void End(EndpointReason reason)
    {
        if (!_isOpen)
        {
            return;
        }
        _isOpen = false;
        if (_utterance is null)
        {
            _sum.Add(_totals);
            return;
        }
        _totals.Tag(_utterance);
        _utterance.SetTag(TelemetryNames.Attributes.PassCount, _passesOfUtterance)
            .SetTag(TelemetryNames.Attributes.Reason, NameOf(reason));
        Close();
    }

    public WindowSpan StartPass(PassWindow pass)
    {
        _passesOfUtterance++;
        if (_passes++ >= DetailedPasses)
        {
            return new WindowSpan(null, Take, _clock);
        }
        var activity = WhisperTelemetry.Source.StartActivity(
            TelemetryNames.Spans.Pass, ActivityKind.Internal, _utterance?.Context ?? _stream, startTime: _clock.At(Stopwatch.GetTimestamp()));
        activity?
            .SetTag(TelemetryNames.Attributes.AudioSeconds, LiveTime.Of(pass.End - pass.Start).TotalSeconds)
            .SetTag(TelemetryNames.Attributes.IsFinal, pass.IsLast);
        return new WindowSpan(activity, Take, _clock);
    }

    /// <summary>The stream is over, well or not.</summary>
    public void Complete()
    {
        _sum.Complete();
        Close();
    }

    private void Take(in WindowTotals totals) => _totals.Add(totals);

    private void Close()
    {
        var current = Activity.Current;
        _utterance?.Dispose();
        _utterance = null;
        Activity.Current = current;
    }

    private static string NameOf(EndpointReason reason) => reason switch
    {
        EndpointReason.Pause => "pause",
        EndpointReason.Commit => "commit",
        EndpointReason.MaximumDuration => "maximum_duration",
        EndpointReason.EndOfAudio => "end_of_audio",
        _ => "clear",
    };
}
