using System.Collections.Concurrent;

namespace WhisperMesh.Whisper.Features;

/// <summary>Lends work spaces for <see cref="LogMel"/>. Thread-safe; keeps as many as were ever in use at once.</summary>
internal sealed class LogMelPool
{
    private readonly ConcurrentBag<LogMel> _free = [];

    /// <inheritdoc cref="LogMel.Compute"/>
    public void Compute(ReadOnlySpan<float> samples, int frames, Span<float> mel)
    {
        var features = _free.TryTake(out var free) ? free : new LogMel();
        features.Compute(samples, frames, mel);
        _free.Add(features);
    }
}
