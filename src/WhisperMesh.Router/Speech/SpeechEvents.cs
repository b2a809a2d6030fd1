namespace WhisperMesh.Router.Speech;

/// <summary>A piece of streamed speech, base64.</summary>
internal sealed record SpeechDelta(string Type, string Audio)
{
    public static SpeechDelta Of(ReadOnlySpan<byte> audio) => new("speech.audio.delta", Convert.ToBase64String(audio));
}

/// <summary>The end of streamed speech.</summary>
internal sealed record SpeechDone(string Type, SpeechUsage Usage)
{
    public static SpeechDone Of(double seconds) => new("speech.audio.done", new SpeechUsage("duration", (long)Math.Ceiling(seconds)));
}

/// <summary>Seconds of audio made; there are no tokens to count here.</summary>
internal sealed record SpeechUsage(string Type, long Seconds);
