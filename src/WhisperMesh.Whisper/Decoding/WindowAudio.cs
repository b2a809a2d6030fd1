using System.Buffers;
using System.Diagnostics;
using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Scheduling;
using WhisperMesh.Whisper.Telemetry;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// A window's way through the batch: encoded when it is first run, in little more than its own length or in 30 s, and then decoded
/// by as many programs as it takes. Holds the encoded window until it is disposed.
/// </summary>
internal sealed class WindowAudio(
    WhisperModel model,
    SpeechWindow window,
    RequestClass requestClass,
    RequestClock clock,
    double leastSeconds = WindowAudio.LeastSeconds,
    WindowSpan? span = null) : IDisposable
{
    /// <summary>A window much shorter than 10 s makes the model loop, and silence after the speech lets it end.</summary>
    public const double LeastSeconds = 10;

    private const int SilenceFrames = 5 * LogMel.FramesPerSecond / 2;

    private CrossMemory? _encoded;
    private int _frames;

    public async Task RunAsync(RowProgram program, bool full, CancellationToken cancellationToken)
    {
        var frames = full ? LogMel.MaxFrames : _encoded is null ? ShortFrames(window) : _frames;
        if (_encoded is not null && _frames == frames)
        {
            using var again = new WindowJob(requestClass, program, window.Seconds) { Audio = _encoded, Clock = clock };
            await RunAsync(again, cancellationToken).ConfigureAwait(false);
            return;
        }
        Release();
        var size = MelFilters.Count * frames;
        var mel = ArrayPool<float>.Shared.Rent(size);
        using var job = new WindowJob(requestClass, program, window.Seconds)
        {
            Mel = mel.AsMemory(0, size),
            Frames = frames,
            Clock = clock,
        };
        try
        {
            var started = Stopwatch.GetTimestamp();
            model.Features.Compute(window.Samples, frames, mel.AsSpan(0, size));
            clock.AddFeatures(Stopwatch.GetElapsedTime(started));
            span?.Featured(started);
            await RunAsync(job, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            (_encoded, _frames) = (job.Audio, frames);
            ArrayPool<float>.Shared.Return(mel);
        }
    }

    public void Dispose() => Release();

    private int ShortFrames(SpeechWindow window)
    {
        var frames = (window.Samples.Length + LogMel.Hop - 1) / LogMel.Hop + SilenceFrames;
        return Math.Clamp((frames + 1) & ~1, (int)(leastSeconds * LogMel.FramesPerSecond) & ~1, LogMel.MaxFrames);
    }

    private async Task RunAsync(WindowJob job, CancellationToken cancellationToken)
    {
        try
        {
            await model.Scheduler.RunAsync(job, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            clock.Add(job);
            span?.Add(job);
        }
    }

    private void Release()
    {
        _encoded?.Dispose();
        _encoded = null;
    }
}
