using System.Diagnostics;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Router.Admission;

/// <summary>The span in which a request is measured and waits for its turn.</summary>
internal readonly struct AdmissionSpan : IDisposable
{
    private readonly Activity? _activity;

    public AdmissionSpan() => _activity = RouterSpans.Start(TelemetryNames.Spans.Admission);

    public AdmissionGrant Granted(AdmissionGrant grant)
    {
        if (_activity is { IsAllDataRequested: true })
        {
            _activity.SetTag(TelemetryNames.Attributes.Class, RouterSpans.NameOf(grant.Request.Plan.Class));
            _activity.SetTag(TelemetryNames.Attributes.RouteName, grant.Request.Plan.Name);
            _activity.SetTag(TelemetryNames.Attributes.PredictedAudioSeconds, grant.Request.Plan.Work!.AudioSeconds);
            _activity.SetTag(TelemetryNames.Attributes.PredictedCostSeconds, grant.Cost);
        }

        return grant;
    }

    public void Refused(Exception exception) => RouterSpans.Fail(_activity, exception);

    public void Dispose() => _activity?.Dispose();
}
