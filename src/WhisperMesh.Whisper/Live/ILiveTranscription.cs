namespace WhisperMesh.Whisper.Live;

/// <summary>
/// One live stream in the engine. One caller feeds it, one reads its events, side by side. Disposing ends the work within one step of
/// the decoder, whatever is left.
/// </summary>
public interface ILiveTranscription : IAsyncDisposable
{
    /// <summary>Takes the next samples, 16 kHz mono. Waits where passes go by the audio, or where more waits than can be kept.</summary>
    ValueTask HearAsync(ReadOnlyMemory<float> samples, CancellationToken cancellationToken);

    /// <summary>Ends the utterance at what was heard so far: all of it is committed.</summary>
    ValueTask CommitAsync(CancellationToken cancellationToken);

    /// <summary>Drops what was heard so far and has given no committed word.</summary>
    ValueTask ClearAsync(CancellationToken cancellationToken);

    /// <summary>The audio is over: the rest is committed, and <see cref="LiveCompleted"/> follows.</summary>
    ValueTask CompleteAsync(CancellationToken cancellationToken);

    /// <summary>What happens, until <see cref="LiveCompleted"/>. Read once.</summary>
    /// <exception cref="WhisperException">The model failed, or too much waits for it; the message says why.</exception>
    IAsyncEnumerable<LiveEvent> ReadAsync(CancellationToken cancellationToken);
}
