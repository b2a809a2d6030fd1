namespace WhisperMesh.Audio;

/// <summary>The format of an audio stream.</summary>
/// <param name="Encoding">How the bytes are to be read or written.</param>
/// <param name="SampleRateHz">
/// Input: required for headerless samples; a file carries its own rate, and another one named here is refused.
/// Output: 0 keeps the rate of the samples.
/// </param>
/// <param name="ChannelCount">Interleaved channels: required for headerless input; 0 or 1 for output.</param>
public sealed record AudioFormat(AudioEncoding Encoding, int SampleRateHz = 0, int ChannelCount = 0);
