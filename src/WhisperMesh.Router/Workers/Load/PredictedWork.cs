namespace WhisperMesh.Router.Workers.Load;

/// <summary>How much work a request is thought to be, in audio seconds; corrected while its audio grows and its reply tells more.</summary>
internal sealed class PredictedWork(double audioSeconds, bool complete = false)
{
    /// <summary>What is assumed of requests that nobody has estimated.</summary>
    public const double UnknownAudioSeconds = 10;

    private double _audioSeconds = audioSeconds;
    private double _processedSeconds;

    /// <summary>Whether all the audio was there when the request set out: then its latency says something about the worker.</summary>
    public bool Complete { get; } = complete;

    /// <summary>Audio from start to end, in seconds.</summary>
    public double AudioSeconds => Volatile.Read(ref _audioSeconds);

    /// <summary>Audio that is worked off, in seconds.</summary>
    public double ProcessedSeconds => Volatile.Read(ref _processedSeconds);

    /// <summary>Audio that is left to be worked off, in seconds.</summary>
    public double LeftSeconds => Math.Max(0, AudioSeconds - ProcessedSeconds);

    /// <summary>Called when a worker was chosen, with the pool's lock held.</summary>
    public Action? Chosen { get; set; }

    public void OnChosen() => Chosen?.Invoke();

    /// <summary>There is at least so much audio.</summary>
    public void AtLeast(double audioSeconds)
    {
        if (audioSeconds > AudioSeconds)
        {
            Volatile.Write(ref _audioSeconds, audioSeconds);
        }
    }

    /// <summary>There is exactly so much audio.</summary>
    public void Exactly(double audioSeconds) => Volatile.Write(ref _audioSeconds, audioSeconds);

    /// <summary>So much is worked off; less than before when another worker begins again.</summary>
    public void Processed(double audioSeconds) => Volatile.Write(ref _processedSeconds, audioSeconds);
}
