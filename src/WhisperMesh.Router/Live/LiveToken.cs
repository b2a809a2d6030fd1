using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace WhisperMesh.Router.Live;

/// <summary>What a client shows to come back: 128 random bits. Never logged; kept only as long as its session.</summary>
internal sealed class LiveToken
{
    private const int Bytes = 16;
    private const int MaxLength = 64;

    private readonly byte[] _digest;

    private LiveToken(string text) => (Text, _digest) = (text, Digest(text));

    public string Text { get; }

    /// <summary>By which it is found; tells nothing of the token.</summary>
    public string Key => Convert.ToHexString(_digest);

    public static LiveToken Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    public static string KeyOf(string text) => text.Length > MaxLength ? "" : Convert.ToHexString(Digest(text));

    public bool Matches(string text) => text.Length <= MaxLength && CryptographicOperations.FixedTimeEquals(_digest, Digest(text));

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
