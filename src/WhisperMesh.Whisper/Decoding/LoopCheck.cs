using System.IO.Compression;
using System.Text;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>Measures by which a model that repeats itself is told from one that writes what it heard.</summary>
internal static class LoopCheck
{
    // Fast speech has about 8 tokens a second in Latin script, and up to three tokens a letter in scripts the vocabulary knows badly.
    private const double TokensPerSecond = 25;
    private const int TokensAlways = 24;

    /// <summary>The most tokens that this much speech can be.</summary>
    public static int MaxTokens(double speechSeconds) => TokensAlways + (int)(TokensPerSecond * speechSeconds);

    public static float CompressionRatio(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length == 0)
        {
            return 0;
        }
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(bytes);
        }
        return (float)bytes.Length / packed.Length;
    }
}
