using System.Diagnostics;
using WhisperMesh.Router.Http;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Telemetry;

/// <summary>One request from its beginning to its end: its measures, and what its call's own span says of it.</summary>
internal sealed class MeasuredRequest
{
    private readonly RequestMetrics _metrics;
    private readonly string _operation;
    private readonly TimeProvider _time;
    private readonly long _begin;
    private readonly Activity? _call;
    private string? _doubt;
    private bool _hasSound;

    public MeasuredRequest(RequestMetrics metrics, string operation, string requestId, TimeProvider time)
    {
        (_metrics, _operation, _time, _begin) = (metrics, operation, time, time.GetTimestamp());
        _call = Activity.Current is { IsAllDataRequested: true } call ? call : null;
        _call?.SetTag(TelemetryNames.Attributes.RequestId, requestId).SetTag(TelemetryNames.Attributes.Operation, operation);
        metrics.OnBegun(operation);
    }

    public void OnSegment(SegmentVerdict verdict)
    {
        _metrics.OnSegment(verdict);
        _doubt ??= VerdictNames.DoubtOf(verdict);
    }

    public void OnSound()
    {
        if (!_hasSound)
        {
            _hasSound = true;
            _metrics.OnFirstAudio(_time.GetElapsedTime(_begin));
            _call?.AddEvent(new ActivityEvent(TelemetryNames.Events.FirstAudio));
        }
    }

    public void OnTranscribed(TranscriptionSummary summary)
    {
        var audio = summary.AudioDuration?.ToTimeSpan() ?? TimeSpan.Zero;
        _metrics.OnAudioIn(_operation, audio);
        Describe(audio, summary.Route);
        _call?.SetTag(TelemetryNames.Attributes.Segments, summary.SegmentCount)
            .SetTag(TelemetryNames.Attributes.Verdict, _doubt ?? VerdictNames.Ok);
    }

    public void OnSpoken(SynthesisSummary summary)
    {
        var audio = summary.AudioDuration?.ToTimeSpan() ?? TimeSpan.Zero;
        _metrics.OnAudioOut(audio);
        Describe(audio, summary.Route);
    }

    public void OnServed() => _metrics.OnEnded(_operation, Outcomes.Served, _time.GetElapsedTime(_begin));

    public void OnFailed(Exception exception, CancellationToken cancellationToken)
    {
        var reason = cancellationToken.IsCancellationRequested ? ErrorTypes.Cancelled : ErrorTypes.Of(exception);
        if (reason != ErrorTypes.Cancelled)
        {
            _metrics.OnError(_operation, reason);
        }

        _call?.SetTag(TelemetryNames.Attributes.ErrorType, reason);
        _metrics.OnEnded(_operation, reason == ErrorTypes.Cancelled ? Outcomes.Cancelled : Outcomes.Failed, _time.GetElapsedTime(_begin));
    }

    private void Describe(TimeSpan audio, RouteTaken? route)
    {
        if (_call is null)
        {
            return;
        }

        _call.SetTag(TelemetryNames.Attributes.AudioSeconds, audio.TotalSeconds);
        if (route is not null)
        {
            _call.SetTag(TelemetryNames.Attributes.RouteName, route.Name)
                .SetTag(TelemetryNames.Attributes.RouteReason, route.Reason)
                .SetTag(TelemetryNames.Attributes.WorkerId, route.WorkerId)
                .SetTag(TelemetryNames.Attributes.Model, route.Model)
                .SetTag(TelemetryNames.Attributes.CacheOutcome, RouteHeaders.CacheOf(route));
        }
    }
}
