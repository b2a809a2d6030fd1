using System.Collections.Immutable;

namespace WhisperMesh.Router.Captions.Shaping;

/// <summary>What stands on the screen at once.</summary>
/// <param name="Id">Counts the captions of a session from 1.</param>
/// <param name="Start">When it appears, from the start of the stream.</param>
/// <param name="End">When it goes; the next one may take the screen sooner.</param>
/// <param name="Text">All of it, as it was said.</param>
/// <param name="Lines">The same, broken into lines.</param>
internal sealed record Caption(long Id, TimeSpan Start, TimeSpan End, string Text, ImmutableArray<string> Lines)
{
    /// <summary>Whether a space stands between the caption before and this one.</summary>
    public bool Spaced { get; init; }

    /// <summary>Whether it begins an utterance.</summary>
    public bool BeginsUtterance { get; init; }
}
