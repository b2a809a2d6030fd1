namespace WhisperMesh.Router.Workers.Load;

/// <summary>How much work a request is thought to be, in audio seconds; corrected while its audio grows and its reply tells more.</summary>
internal sealed class PredictedWork(double audioSeconds, bool complete = false)
{
    /// <summary>What is assumed of requests that nobody has estimated.</summary>
    public const double UnknownAudioSeconds = 10;

    private double _audioSeconds = audioSeconds;
    private double _processedSeconds;
    private readonly long? _completeAt = complete ? 0 : null;

    /// <summary>Whether it comes as it is spoken: it takes a place beside the requests, and tells nothing of how fast the worker is.</summary>
    public bool IsLive { get; init; }

    /// <summary>Timestamp from which all the audio was there; null while it still grows.</summary>
    public long? CompleteAt => _completeAt ?? Grown?.Invoke();

    /// <summary>Looks anew whether and when an upload has ended, for <see cref="CompleteAt"/>; may correct how long it is.</summary>
    public Func<long?>? Grown { get; init; }

    /// <summary>Audio from start to end, in seconds.</summary>
    public double AudioSeconds => Volatile.Read(ref _audioSeconds);

    /// <summary>Whether all the audio is there.</summary>
    public bool Complete => CompleteAt is not null;

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
