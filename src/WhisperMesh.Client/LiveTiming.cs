namespace WhisperMesh.Client;

/// <summary>Time and chance of live streams, and the bounds that callers need not know.</summary>
internal sealed record LiveTiming
{
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal Random Random { get; init; } = Random.Shared;

    /// <summary>How long a router may take to go on with a stream before the next is asked.</summary>
    internal TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stream that begins may wait for its worker, which may have to load a model.</summary>
    internal TimeSpan Open { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Without an event for so long, the connection counts as lost. The mesh sends one every 5 s.</summary>
    internal TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Wait before the nth attempt to go on, counted from 0: at random, and longer each time.</summary>
    internal TimeSpan Backoff(int attempt) =>
        Random.NextDouble() * TimeSpan.FromMilliseconds(Math.Min(3000, 100 * Math.Pow(2, attempt)));
}
