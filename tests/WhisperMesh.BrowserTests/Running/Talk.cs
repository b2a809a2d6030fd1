using WhisperMesh.IntegrationTests.Running;

namespace WhisperMesh.BrowserTests.Running;

/// <summary>Recordings with pauses between them, as of somebody who speaks.</summary>
internal sealed record Talk(byte[] Wav, string Text)
{
    private const int HeaderBytes = 44;
    private const int BytesPerSecond = 32000;

    /// <summary>Those of these files.</summary>
    internal static Talk Of(params string[] files)
    {
        var recordings = files.Select(Recordings.Named).ToList();
        using var wav = new MemoryStream();
        wav.Write(File.ReadAllBytes(recordings[0].Path).AsSpan(0, HeaderBytes));

        // A microphone is not heard in its first moment.
        Pause(wav, seconds: 1);
        foreach (var recording in recordings)
        {
            wav.Write(File.ReadAllBytes(recording.Path).AsSpan(HeaderBytes));
            Pause(wav, seconds: 1.5);
        }

        var bytes = wav.ToArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(4), bytes.Length - 8);
        BitConverter.TryWriteBytes(bytes.AsSpan(40), bytes.Length - HeaderBytes);
        return new Talk(bytes, string.Join(' ', recordings.Select(recording => recording.Text)));
    }

    private static void Pause(MemoryStream wav, double seconds) => wav.Write(new byte[(int)(seconds * BytesPerSecond)]);
}
