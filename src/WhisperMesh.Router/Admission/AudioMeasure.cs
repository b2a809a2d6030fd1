using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Workers.Load;

namespace WhisperMesh.Router.Admission;

/// <summary>How long an upload is, now and as it grows.</summary>
/// <param name="audio">The upload.</param>
/// <param name="container">What it comes in.</param>
/// <param name="bytesPerSecond">Of samples; 0: unknown.</param>
/// <param name="dataStart">Where the samples begin.</param>
/// <param name="promisedBytes">Bytes of samples that the header promises; -1: it does not say.</param>
/// <param name="rates">What is usual of compressed audio.</param>
internal sealed class AudioMeasure(
    SpoolFile audio, AudioContainer container, double bytesPerSecond, int dataStart, long promisedBytes, BitRates rates)
{
    /// <summary>The work that this is.</summary>
    public PredictedWork ToWork()
    {
        var complete = audio.IsComplete;
        var seconds = Seconds(complete);
        // A stream that has only begun goes on for nobody knows how long.
        return new PredictedWork(complete ? seconds : Math.Max(seconds, PredictedWork.UnknownAudioSeconds), complete);
    }

    /// <summary>What a worker found it to be.</summary>
    public void Learn(TimeSpan found)
    {
        if (bytesPerSecond == 0 && audio.IsComplete)
        {
            rates.Learn(container, audio.Length, found);
        }
    }

    private double Seconds(bool complete)
    {
        if (bytesPerSecond == 0)
        {
            return rates.SecondsOf(container, audio.Length);
        }

        var there = Math.Max(0, audio.Length - dataStart);
        // A promise counts while the upload grows, and only one that could be kept.
        var bytes = complete ? (promisedBytes >= 0 ? Math.Min(there, promisedBytes) : there)
            : promisedBytes > there && promisedBytes <= audio.MaxLength ? promisedBytes : there;
        return bytes / bytesPerSecond;
    }
}
