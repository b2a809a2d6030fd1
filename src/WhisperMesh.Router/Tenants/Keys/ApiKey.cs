using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace WhisperMesh.Router.Tenants.Keys;

/// <summary>
/// A key as its owner holds it: <c>wm_</c>, 12 characters of public id, <c>_</c>, 32 characters of secret (190 random bits) and 6 of
/// CRC-32C over all before, which refuses every typo of one character without a look at the store.
/// </summary>
internal sealed class ApiKey
{
    public const string Prefix = "wm_";

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int IdLength = 12;
    private const int SecretLength = 32;
    private const int ChecksumLength = 6;
    private const int SeparatorAt = 3 + IdLength;
    private const int ChecksumAt = SeparatorAt + 1 + SecretLength;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);

    private readonly string _text;

    private ApiKey(string text) => _text = text;

    /// <summary>Length of a key in characters.</summary>
    public static int Length => ChecksumAt + ChecksumLength;

    /// <summary>The part that is no secret.</summary>
    public string Id => _text.Substring(Prefix.Length, IdLength);

    public static ApiKey Create()
    {
        var id = RandomNumberGenerator.GetString(Alphabet, IdLength);
        var body = $"{Prefix}{id}_{RandomNumberGenerator.GetString(Alphabet, SecretLength)}";
        return new ApiKey(body + Checksum(body));
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out ApiKey? key)
    {
        key = HasForm(text) && Checksum(text.AsSpan(0, ChecksumAt)).AsSpan().SequenceEqual(text.AsSpan(ChecksumAt)) ? new ApiKey(text) : null;
        return key is not null;
    }

    /// <summary>Whether a text could be an id, before the store is asked for it.</summary>
    public static bool IsId(string text) => text.Length == IdLength && !text.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>What the store keeps. No slow hash: nobody tries 190 random bits.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.ASCII.GetBytes(_text));

    /// <summary>The whole key, for its owner's eyes only.</summary>
    public string Reveal() => _text;

    /// <summary>Safe to log.</summary>
    public override string ToString() => $"{Prefix}{Id}_…";

    private static bool HasForm(string text) =>
        text.Length == Length
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text[SeparatorAt] == '_'
        && !text.AsSpan(Prefix.Length, IdLength).ContainsAnyExcept(Allowed)
        && !text.AsSpan(SeparatorAt + 1).ContainsAnyExcept(Allowed);

    internal static string Checksum(ReadOnlySpan<char> body)
    {
        var crc = uint.MaxValue;
        foreach (var character in body)
        {
            crc = BitOperations.Crc32C(crc, (byte)character);
        }

        crc = ~crc;
        Span<char> digits = stackalloc char[ChecksumLength];
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = Alphabet[(int)(crc % (uint)Alphabet.Length)];
            crc /= (uint)Alphabet.Length;
        }

        return new string(digits);
    }
}
