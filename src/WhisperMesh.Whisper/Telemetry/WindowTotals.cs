using System.Diagnostics;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Whisper.Scheduling;

namespace WhisperMesh.Whisper.Telemetry;

/// <summary>What one window took, or several.</summary>
internal struct WindowTotals
{
    public int Fallbacks;
    private TimeSpan _queued;
    private TimeSpan _encoding;
    private TimeSpan _decoding;
    private long _steps;
    private long _rows;
    private long _tokens;

    public void Add(WindowJob job)
    {
        _queued += job.Queued;
        _encoding += job.Encoding;
        _decoding += job.Decoding;
        ref readonly var decoder = ref job.Of(Stage.Decoder);
        _steps += decoder.Steps;
        _rows += decoder.Rows;
        _tokens += job.Tokens;
    }

    public void Add(in WindowTotals other)
    {
        Fallbacks += other.Fallbacks;
        _queued += other._queued;
        _encoding += other._encoding;
        _decoding += other._decoding;
        _steps += other._steps;
        _rows += other._rows;
        _tokens += other._tokens;
    }

    public readonly void Tag(Activity activity) => activity
        .SetTag(TelemetryNames.Attributes.WaitSeconds, _queued.TotalSeconds)
        .SetTag(TelemetryNames.Attributes.EncoderSeconds, _encoding.TotalSeconds)
        .SetTag(TelemetryNames.Attributes.DecoderSeconds, _decoding.TotalSeconds)
        .SetTag(TelemetryNames.Attributes.Steps, _steps)
        .SetTag(TelemetryNames.Attributes.MeanRows, _steps == 0 ? 0 : (double)_rows / _steps)
        .SetTag(TelemetryNames.Attributes.Tokens, _tokens)
        .SetTag(TelemetryNames.Attributes.Fallbacks, Fallbacks);
}
