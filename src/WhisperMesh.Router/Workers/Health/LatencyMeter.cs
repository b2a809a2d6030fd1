namespace WhisperMesh.Router.Workers.Health;

/// <summary>
/// How long a worker takes for a second of audio. Moving averages of time and audio are divided, rather than their quotients
/// averaged: short requests, of which most time is not spent on the audio, would weigh as much as long ones. Not thread-safe.
/// </summary>
internal sealed class LatencyMeter(TimeSpan memory, TimeProvider time)
{
    private const double Weight = 0.2;

    private double _elapsed;
    private double _audio;
    private long _lastAt;

    /// <summary>Seconds for each audio second; null when nothing was measured of late.</summary>
    public double? Current => _audio > 0 && time.GetElapsedTime(_lastAt) <= memory ? _elapsed / _audio : null;

    public void Add(TimeSpan elapsed, TimeSpan audio)
    {
        var weight = Current is null ? 1 : Weight;
        _elapsed += weight * (elapsed.TotalSeconds - _elapsed);
        _audio += weight * (audio.TotalSeconds - _audio);
        _lastAt = time.GetTimestamp();
    }
}
