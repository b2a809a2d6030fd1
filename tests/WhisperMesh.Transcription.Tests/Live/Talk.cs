using System.Runtime.InteropServices;

namespace WhisperMesh.Transcription.Tests.Live;

/// <summary>Recordings of people joined, with silence after each: 16 kHz, mono, 16 bit.</summary>
internal static class Talk
{
    public const string Sorry = "I'm sorry, but I was unable to locate the person you're calling.";
    public const string Incorrect = "Password incorrect. Please enter your password followed by the pound key.";

    private const int HeaderBytes = 44;
    private const int BytesPerSecond = 32_000;

    public static byte[] Of(double silenceSeconds, params string[] names) =>
        [.. names.SelectMany(name => (byte[])[.. RunningWorker.Recording(name)[HeaderBytes..], .. Silence(silenceSeconds)])];

    public static byte[] Silence(double seconds) => new byte[(int)(seconds * BytesPerSecond) & ~1];

    /// <summary>The same at 48 kHz, each sample three times: enough for speech.</summary>
    public static byte[] At48Khz(byte[] audio)
    {
        short[] samples = [.. MemoryMarshal.Cast<byte, short>(audio)];
        return MemoryMarshal.AsBytes<short>(samples.SelectMany(sample => (short[])[sample, sample, sample]).ToArray()).ToArray();
    }
}
