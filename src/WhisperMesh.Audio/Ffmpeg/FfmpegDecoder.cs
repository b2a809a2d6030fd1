using System.Globalization;
using System.Runtime.CompilerServices;
using WhisperMesh.Audio.Pcm;
using WhisperMesh.Audio.Wav;

namespace WhisperMesh.Audio.Ffmpeg;

/// <summary>
/// Reads what is not plain WAV: spools it to a temporary file, since some containers must be sought in, and lets ffmpeg turn it
/// into a WAV stream of its own rate and channels, which is read like any other. ffmpeg is told the container and
/// guesses nothing: a playlist or a script of <c>concat</c> lines, which would make it open other files, is never taken for audio.
/// </summary>
internal sealed class FfmpegDecoder(
    AudioDecoderOptions options, AudioFormat? declared, ChannelHandling channels, AudioDecodeReport report)
{
    private const int CopyBytes = 64 * 1024;

    // Only these decoders are ever opened on what a stranger sent: a video's pictures are not even probed.
    private const string Codecs =
        "mp3float,mp3,mp2float,mp2,mp1float,mp1,aac,aac_fixed,flac,opus,libopus,vorbis,libvorbis,alac,ac3,eac3,speex,libspeex,"
        + "adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,gsm,gsm_ms,libgsm,libgsm_ms,amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,"
        + "pcm_s8,pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,"
        + "pcm_alaw,pcm_mulaw";

    private static readonly TimeSpan ExitBound = TimeSpan.FromSeconds(10);

    public async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>> DecodeAsync(
        AudioInput input, AudioContainer container, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await FfmpegLocator.RequireAsync(options.FfmpegPath).ConfigureAwait(false);
        await using var file = TemporaryAudio.Create(options.TemporaryFolder);
        await CopyAsync(input, file.Stream, cancellationToken).ConfigureAwait(false);
        await using var ffmpeg = FfmpegProcess.Start(options, Arguments(container, file.Path), withInput: false);
        await using var output = new TimedStream(ffmpeg.Output, options.MaxFfmpegTime, report);
        await foreach (var blocks in ReadWavAsync(ffmpeg, output, container, cancellationToken).ConfigureAwait(false))
        {
            yield return blocks;
        }

        var isContent = await EndAsync(ffmpeg, cancellationToken).ConfigureAwait(false);
        if (ffmpeg.WasStoppedByLimit)
        {
            throw Problem(ffmpeg);
        }

        if (!isContent || ffmpeg.Errors.Length > 0)
        {
            report.Warn("The file is damaged; it was read as far as it goes.");
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>> ReadWavAsync(
        FfmpegProcess ffmpeg, TimedStream output, AudioContainer container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wav = new AudioInput(output, long.MaxValue, report: null);
        wav.Record();
        if (await wav.ReadFullyAsync(new byte[1], cancellationToken).ConfigureAwait(false) == 0)
        {
            await EndAsync(ffmpeg, cancellationToken).ConfigureAwait(false);
            throw Problem(ffmpeg);
        }

        wav.Rewind();
        var header = await new WavHeaderReader(wav).ReadAsync(cancellationToken).ConfigureAwait(false);
        AudioDecoder.CheckDeclaredShape(declared, header.Layout!);
        report.SourceFormat = container.ToString().ToLowerInvariant();
        report.SourceSampleRateHz = header.Layout!.SampleRateHz;
        report.SourceChannelCount = header.Layout.ChannelCount;
        var samples = new PcmSource(wav, header.Layout, options, report) { Channels = channels };
        await foreach (var blocks in samples.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return blocks;
        }

        if (report.SampleCount == 0)
        {
            await EndAsync(ffmpeg, cancellationToken).ConfigureAwait(false);
            throw Problem(ffmpeg);
        }
    }

    private IEnumerable<string> Arguments(AudioContainer container, string path) =>
    [
        // One second more than the limit, so that the limit is seen to be passed.
        "-t", (options.MaxAudio.TotalSeconds + 1).ToString(CultureInfo.InvariantCulture),
        "-threads", "1",
        "-codec_whitelist", Codecs,
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
    private static AudioException Problem(FfmpegProcess ffmpeg) => ffmpeg.Errors switch
    {
        _ when ffmpeg.WasStoppedByLimit
            => new AudioException(AudioErrorReason.TimedOut, "Reading the audio takes more processor time than it may."),
        var errors when errors.Contains("matches no streams", StringComparison.Ordinal)
            || errors.Contains("does not contain any stream", StringComparison.Ordinal)
            => new AudioException(AudioErrorReason.Unreadable, "The file has no sound in it."),
        var errors when errors.Contains("Cannot allocate memory", StringComparison.Ordinal)
            => new AudioException(AudioErrorReason.TimedOut, "Reading the audio takes more memory than it may."),
        _ => new AudioException(AudioErrorReason.Unreadable, "The file can't be read: it is damaged, or cut short before any sound."),
    };
}
