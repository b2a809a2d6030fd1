using System.Security.Cryptography;
using Google.Protobuf;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Reuse;

/// <summary>What beside the audio decides a result, and who may have it.</summary>
internal sealed class ReuseKey
{
    private readonly byte[] _parameters;

    private ReuseKey(byte[] parameters) => _parameters = parameters;

    /// <summary>Null where nothing may be kept, or only a part of the audio is asked for.</summary>
    public static ReuseKey? Of(TranscriptionConfig config)
    {
        if (config.CacheScope.Length == 0 || config.ResumeOffset is not null)
        {
            return null;
        }

        var canonical = config.Clone();
        canonical.RequestId = "";
        canonical.Attempt = 0;
        canonical.RequestClass = RequestClass.Unspecified;
        // Told by its revision, and how the bytes were to be read by what came of them.
        canonical.Model = "";
        canonical.AudioFormat = null;
        return new ReuseKey(canonical.ToByteArray());
    }

    /// <summary>Where the result of this audio stands.</summary>
    public string For(string modelRevision, ReadOnlySpan<byte> audioHash)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(audioHash);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(modelRevision + '\0'));
        hash.AppendData(_parameters);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
