using System.Globalization;
using System.Runtime.CompilerServices;
using WhisperMesh.Audio.Pcm;
using WhisperMesh.Audio.Wav;

namespace WhisperMesh.Audio.Ffmpeg;

/// <summary>
/// Reads what is not plain WAV: spools it to a temporary file, since some containers must be sought in, and lets ffmpeg turn it
/// into a WAV stream of its own rate and channels, which is mixed and resampled like any other. ffmpeg is told the container and
/// guesses nothing: a playlist or a script of <c>concat</c> lines, which would make it open other files, is never taken for audio.
/// </summary>
internal sealed class FfmpegDecoder(AudioDecoderOptions options, AudioDecodeReport report)
{
    private const int CopyBytes = 64 * 1024;
    private static readonly TimeSpan ExitBound = TimeSpan.FromSeconds(10);

    public async IAsyncEnumerable<ReadOnlyMemory<float>> DecodeAsync(
        AudioInput input, AudioContainer container, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await FfmpegLocator.RequireAsync(options.FfmpegPath).ConfigureAwait(false);
        await using var file = TemporaryAudio.Create(options.TemporaryFolder);
        await CopyAsync(input, file.Stream, cancellationToken).ConfigureAwait(false);
        await using var ffmpeg = FfmpegProcess.Start(options, Arguments(container, file.Path), withInput: false);
        await using var output = new TimedStream(ffmpeg.Output, options.MaxFfmpegTime, report);
        await foreach (var block in ReadWavAsync(ffmpeg, output, container, cancellationToken).ConfigureAwait(false))
        {
            yield return block;
        }

        if (!await EndAsync(ffmpeg, cancellationToken).ConfigureAwait(false) || ffmpeg.Errors.Length > 0)
        {
            report.Warn("The file is damaged; it was read as far as it goes.");
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<float>> ReadWavAsync(
        FfmpegProcess ffmpeg, TimedStream output, AudioContainer container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wav = new AudioInput(output, long.MaxValue, report: null);
        wav.Record();
        if (await wav.ReadFullyAsync(new byte[1], cancellationToken).ConfigureAwait(false) == 0)
        {
            await EndAsync(ffmpeg, cancellationToken).ConfigureAwait(false);
            throw Problem(ffmpeg.Errors);
        }

        wav.Rewind();
        var header = await new WavHeaderReader(wav).ReadAsync(cancellationToken).ConfigureAwait(false);
        report.SourceFormat = container.ToString().ToLowerInvariant();
        report.SourceSampleRateHz = header.Layout!.SampleRateHz;
        report.SourceChannelCount = header.Layout.ChannelCount;
        var samples = new PcmSource(wav, header.Layout, report) { MaxAudio = options.MaxAudio };
        await foreach (var block in samples.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return block;
        }

        if (report.SampleCount == 0)
        {
            await EndAsync(ffmpeg, cancellationToken).ConfigureAwait(false);
            throw Problem(ffmpeg.Errors);
        }
    }

    private IEnumerable<string> Arguments(AudioContainer container, string path) =>
    [
        // One second more than the limit, so that the limit is seen to be passed.
        "-t", (options.MaxAudio.TotalSeconds + 1).ToString(CultureInfo.InvariantCulture),
        "-threads", "1",
        "-f", Demuxer(container),
        "-i", "file:" + path,
        "-map", "0:a:0",
        "-vn", "-sn", "-dn", "-map_metadata", "-1", "-bitexact",
        "-c:a", "pcm_f32le",
        "-f", "wav", "pipe:1",
    ];

    private static string Demuxer(AudioContainer container) => container switch
    {
        AudioContainer.Wav => "wav",
        AudioContainer.Mp3 => "mp3",
        AudioContainer.Adts => "aac",
        AudioContainer.Flac => "flac",
        AudioContainer.Ogg => "ogg",
        AudioContainer.Mp4 => "mov",
        AudioContainer.Matroska => "matroska",
        _ => throw new ArgumentOutOfRangeException(nameof(container)),
    };

    private static async Task CopyAsync(AudioInput input, FileStream file, CancellationToken cancellationToken)
    {
        var buffer = new byte[CopyBytes];
        while (await input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }

        await file.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> EndAsync(FfmpegProcess ffmpeg, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(ExitBound);
        return await ffmpeg.WaitAsync(bound.Token).ConfigureAwait(false);
    }

    // ffmpeg's own words hold paths; what they mean is said instead.
    private static AudioException Problem(string errors) => errors switch
    {
        _ when errors.Contains("matches no streams", StringComparison.Ordinal)
            || errors.Contains("does not contain any stream", StringComparison.Ordinal)
            => new AudioException(AudioErrorReason.Unreadable, "The file has no sound in it."),
        _ when errors.Contains("Cannot allocate memory", StringComparison.Ordinal)
            => new AudioException(AudioErrorReason.TimedOut, "Reading the audio takes more memory than it may."),
        _ => new AudioException(AudioErrorReason.Unreadable, "The file can't be read: it is damaged, or cut short before any sound."),
    };
}
