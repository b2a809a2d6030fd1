using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Workers.Load;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Admission;

/// <summary>
/// Says how much audio a request is, before anyone has decoded it; what a second of it costs at a worker is that worker's measured
/// speed. Exact for WAV and raw samples whose upload has ended; else an estimate, corrected as more is known.
/// </summary>
internal sealed class CostEstimator
{
    private const double NewestWeight = 0.1;

    private readonly BitRates _rates = new();
    private readonly Lock _lock = new();
    private double _secondsPerCharacter = 1d / 15;

    /// <summary>Estimates a transcription; reads only what has been spooled, and never waits for more.</summary>
    public async ValueTask<AudioMeasure> MeasureAsync(TranscriptionJob job, CancellationToken cancellationToken)
    {
        if (PcmBytesPerSecond(job.Config.AudioFormat) is { } bytesPerSecond)
        {
            return new AudioMeasure(job.Audio, AudioContainer.Wav, bytesPerSecond, 0, -1, _rates);
        }

        if (job.Audio.Length == 0)
        {
            return new AudioMeasure(job.Audio, AudioContainer.Unknown, 0, 0, -1, _rates);
        }

        var header = new byte[(int)Math.Min(WavLength.HeaderBytes, job.Audio.Length)];
        var length = await job.Audio.OpenReader().ReadAsync(header, cancellationToken);
        var container = AudioContainers.Of(header.AsSpan(0, length));
        var wav = container == AudioContainer.Wav ? WavLength.Read(header.AsSpan(0, length)) : (0, 0, -1);
        return new AudioMeasure(job.Audio, container, wav.Item1, wav.Item2, wav.Item3, _rates);
    }

    /// <summary>Estimates a synthesis: audio seconds that its text will be.</summary>
    public PredictedWork Of(SynthesizeRequest request)
    {
        var speed = request.HasSpeed && request.Speed > 0 ? request.Speed : 1;
        lock (_lock)
        {
            return new PredictedWork(request.Text.Length * _secondsPerCharacter / speed, complete: true);
        }
    }

    /// <summary>So long the speech of a text was.</summary>
    public void Learn(SynthesizeRequest request, TimeSpan audio)
    {
        if (audio > TimeSpan.Zero && request.Text.Length > 0)
        {
            var speed = request.HasSpeed && request.Speed > 0 ? request.Speed : 1;
            lock (_lock)
            {
                _secondsPerCharacter += ((audio.TotalSeconds * speed / request.Text.Length) - _secondsPerCharacter) * NewestWeight;
            }
        }
    }

    private static double? PcmBytesPerSecond(AudioFormat? format)
    {
        var width = format?.Encoding switch
        {
            AudioEncoding.PcmU8 or AudioEncoding.Alaw or AudioEncoding.Mulaw => 1,
            AudioEncoding.PcmS16Le => 2,
            AudioEncoding.PcmS24Le => 3,
            AudioEncoding.PcmS32Le or AudioEncoding.PcmF32Le => 4,
            AudioEncoding.PcmF64Le => 8,
            _ => 0,
        };
        return width > 0 && format!.SampleRateHz > 0 && format.ChannelCount > 0 ? (double)width * format.SampleRateHz * format.ChannelCount : null;
    }
}
