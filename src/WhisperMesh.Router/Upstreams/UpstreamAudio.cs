using WhisperMesh.Router.Spool;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Upstreams;

/// <summary>An upload as an upstream gets it: a file that it knows by its name, though the caller may have sent bare samples.</summary>
/// <param name="FileName">With the extension that such APIs go by.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Header">Bytes that go before the upload.</param>
/// <param name="Length">Bytes of the upload.</param>
/// <param name="Duration">Length of the audio, where its header tells.</param>
/// <param name="ChannelCount">Channels, where its header tells; else 0.</param>
internal sealed record UpstreamAudio(
    string FileName, string ContentType, byte[] Header, long Length, TimeSpan? Duration, int ChannelCount)
{
    private const int SniffedBytes = 64 * 1024;

    /// <summary>Waits for the end of the upload: an API of this sort begins when it has the whole file, and some want its length first.</summary>
    public static async Task<UpstreamAudio> OfAsync(SpoolFile audio, AudioFormat? format, CancellationToken cancellationToken)
    {
        var one = new byte[1];
        while (await audio.ReadAsync(one, audio.Length, cancellationToken) > 0)
        {
            // It has grown.
        }

        var length = audio.Length;
        if (format is not null && format.Encoding is not (AudioEncoding.Unspecified or AudioEncoding.Wav))
        {
            var header = WavHeader.For(format, length);
            var seconds = length / (double)Math.Max(1, WavHeader.BytesPerSecond(format));
            return new("audio.wav", "audio/wav", header, length, TimeSpan.FromSeconds(seconds), format.ChannelCount);
        }

        var start = new byte[Math.Min(SniffedBytes, length)];
        var reader = audio.OpenReader();
        var count = 0;
        while (count < start.Length && await reader.ReadAsync(start.AsMemory(count), cancellationToken) is > 0 and var read)
        {
            count += read;
        }

        var (name, type) = Sniff(start);
        var (duration, channels) = WavHeader.Measure(start, length);
        return new(name, type, [], length, duration, channels);
    }

    /// <summary>Name and media type by the first bytes.</summary>
    internal static (string Name, string Type) Sniff(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'R', (byte)'I' or (byte)'F', (byte)'F' or (byte)'6', (byte)'F' or (byte)'4', ..] => ("audio.wav", "audio/wav"),
        [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] => ("audio.flac", "audio/flac"),
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => ("audio.ogg", "audio/ogg"),
        [0x1A, 0x45, 0xDF, 0xA3, ..] => ("audio.webm", "audio/webm"),
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => ("audio.m4a", "audio/mp4"),
        [(byte)'I', (byte)'D', (byte)'3', ..] => ("audio.mp3", "audio/mpeg"),
        // A sync word; its layer bits are zero in AAC and never in MPEG audio.
        [0xFF, >= 0xE0 and var second, ..] => (second & 0x06) == 0 ? ("audio.aac", "audio/aac") : ("audio.mp3", "audio/mpeg"),
        _ => ("audio", "application/octet-stream"),
    };
}
