namespace WhisperMesh.Benchmarks.Corpus;

/// <summary>Speech in a WAV file, and what is said in it.</summary>
/// <param name="Path">16 kHz, mono, 16 bit.</param>
/// <param name="Language">Language code; null when it has several, and none is given to the engine.</param>
/// <param name="Duration">Length of the audio.</param>
/// <param name="Text">The words spoken.</param>
internal sealed record Clip(string Path, string? Language, TimeSpan Duration, string Text);
