using WhisperMesh.Audio;

namespace WhisperMesh.Whisper.Live;

/// <summary>What a pass is to hear.</summary>
/// <param name="Start">Place on the stream.</param>
/// <param name="Sound">The audio.</param>
/// <param name="Voice">Where its chunks of voice begin.</param>
/// <param name="Language">Language of the speech; null to detect it.</param>
/// <param name="Context">Text before it.</param>
/// <param name="Begun">Its words that are committed.</param>
internal sealed record PassWindow(
    long Start, float[] Sound, IReadOnlyList<long> Voice, string? Language, string Context, IReadOnlyList<HeardWord> Begun)
{
    /// <summary>Whether no other pass will hear this audio: doubtful text is then tried again.</summary>
    public bool IsLast { get; init; }

    /// <summary>Whether somebody still speaks, so that another pass will hear it soon: then quickly is better than well.</summary>
    public bool IsYoung { get; init; }

    /// <summary>Where on the stream its audio ends.</summary>
    public long End => Start + Sound.Length;

    /// <summary>Voice after a place, in samples.</summary>
    public long VoiceAfter(long place) => Voice.Count(chunk => chunk >= place) * (long)SileroVad.ChunkLength;
}
