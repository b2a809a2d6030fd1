namespace WhisperMesh.Audio.Writing;

/// <summary>How ffmpeg writes one compressed format: a speech-sized bit rate, packets flushed as they are made.</summary>
/// <param name="Name">The format's name, for errors.</param>
/// <param name="RatesHz">Sample rates that the format has.</param>
/// <param name="Arguments">Codec and container.</param>
internal sealed record EncodedFormat(string Name, int[] RatesHz, string[] Arguments)
{
    private static readonly EncodedFormat Mp3 = new(
        "mp3",
        [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000],
        ["-c:a", "libmp3lame", "-b:a", "64k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"]);

    private static readonly EncodedFormat Opus = new(
        "opus",
        [8_000, 12_000, 16_000, 24_000, 48_000],
        ["-c:a", "libopus", "-b:a", "48k", "-application", "voip", "-page_duration", "200000", "-f", "ogg"]);

    private static readonly EncodedFormat Flac = new(
        "flac",
        [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000],
        ["-c:a", "flac", "-sample_fmt", "s16", "-f", "flac"]);

    private static readonly EncodedFormat Aac = new(
        "aac",
        [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000],
        ["-c:a", "aac", "-b:a", "64k", "-f", "adts"]);

    /// <summary>How the encoding is written, or null if it isn't compressed.</summary>
    public static EncodedFormat? For(AudioEncoding encoding) => encoding switch
    {
        AudioEncoding.Mp3 => Mp3,
        AudioEncoding.Opus => Opus,
        AudioEncoding.Flac => Flac,
        AudioEncoding.Aac => Aac,
        _ => null,
    };

    /// <summary>The lowest of the format's rates that loses nothing of the samples', or its highest.</summary>
    public int NearestRateHz(int sampleRateHz)
    {
        foreach (var rate in RatesHz)
        {
            if (rate >= sampleRateHz)
            {
                return rate;
            }
        }

        return RatesHz[^1];
    }
}
