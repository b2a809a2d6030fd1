namespace WhisperMesh.Whisper.Live;

/// <summary>What a stream is fed with.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Samples">The next samples, where it is audio.</param>
internal readonly record struct LiveInput(LiveInputKind Kind, ReadOnlyMemory<float> Samples = default);

internal enum LiveInputKind
{
    Audio,
    Commit,
    Clear,
    Complete,
}
