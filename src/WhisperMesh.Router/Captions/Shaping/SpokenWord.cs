namespace WhisperMesh.Router.Captions.Shaping;

/// <summary>A committed word.</summary>
/// <param name="Text">With its punctuation, and the space before it where there is one.</param>
/// <param name="Start">When it begins, from the start of the stream.</param>
/// <param name="End">When it ends.</param>
internal readonly record struct SpokenWord(string Text, TimeSpan Start, TimeSpan End);
