namespace WhisperMesh.Audio;

/// <summary>What was learned while one input was decoded. Filled in by the decoder; complete once the samples have ended.</summary>
public sealed class AudioDecodeReport
{
    private readonly List<string> _warnings = [];

    /// <summary>The container and coding that were found, such as <c>wav, 16-bit PCM</c>. Null until known.</summary>
    public string? SourceFormat { get; internal set; }

    /// <summary>The input's own rate. 0 until known.</summary>
    public int SourceSampleRateHz { get; internal set; }

    /// <summary>The input's own channels. 0 until known.</summary>
    public int SourceChannelCount { get; internal set; }

    /// <summary>Bytes of input read so far.</summary>
    public long BytesRead { get; internal set; }

    /// <summary>Samples given so far of one channel, at 16 kHz.</summary>
    public long SampleCount { get; internal set; }

    /// <summary>Audio time given so far, however many channels it has.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(SampleCount * (TimeSpan.TicksPerSecond / AudioLimits.SpeechSampleRateHz));

    /// <summary>Time spent converting, mixing, resampling and waiting for ffmpeg; not the time waiting for the input.</summary>
    public TimeSpan DecodeTime { get; internal set; }

    /// <summary>What a user should know of the input, such as that it was cut short.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    internal void Warn(string message) => _warnings.Add(message);
}
