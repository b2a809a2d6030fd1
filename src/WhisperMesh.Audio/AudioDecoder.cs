using System.Runtime.CompilerServices;
using WhisperMesh.Audio.Ffmpeg;
using WhisperMesh.Audio.Pcm;
using WhisperMesh.Audio.Wav;

namespace WhisperMesh.Audio;

/// <summary>Decodes audio of any kind that can be read to 16 kHz mono floats. Thread-safe: one decoder serves all requests.</summary>
public sealed class AudioDecoder(AudioDecoderOptions options)
{
    /// <summary>
    /// Decodes one input. WAV and headerless samples are given as their bytes arrive; anything else is first written to a temporary
    /// file, then read by ffmpeg. The stream need not seek and is not closed.
    /// </summary>
    /// <param name="input">The bytes.</param>
    /// <param name="declared">What the caller said of the format; null or unspecified: a file that is recognised.</param>
    /// <param name="report">Filled in on the way, where one is given.</param>
    /// <param name="cancellationToken">Stops reading, ends ffmpeg and removes the temporary file.</param>
    /// <returns>Blocks of at most a second. A block is valid until the next one is asked for.</returns>
    /// <exception cref="AudioException">The audio can't be read, or is above a limit.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<float>> DecodeAsync(
        Stream input,
        AudioFormat? declared = null,
        AudioDecodeReport? report = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        report ??= new AudioDecodeReport();
        var bytes = new AudioInput(input, options.MaxAudioBytes, report);
        var samples = declared is not null && PcmLayout.FromDeclared(declared) is { } layout
            ? DecodePcm(bytes, layout, report)
            : await OpenFileAsync(bytes, declared, report, cancellationToken).ConfigureAwait(false);
        await foreach (var block in samples.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return block;
        }

        if (report.BytesRead == 0)
        {
            throw new AudioException(AudioErrorReason.Unreadable, "The audio is empty: it has no bytes.");
        }
    }

    private IAsyncEnumerable<ReadOnlyMemory<float>> DecodePcm(AudioInput bytes, PcmLayout layout, AudioDecodeReport report)
    {
        Describe(report, layout, $"raw, {layout.CodingName}");
        return new PcmSource(bytes, layout, report) { MaxAudio = options.MaxAudio }.ReadAsync(CancellationToken.None);
    }

    private async ValueTask<IAsyncEnumerable<ReadOnlyMemory<float>>> OpenFileAsync(
        AudioInput bytes, AudioFormat? declared, AudioDecodeReport report, CancellationToken cancellationToken)
    {
        CheckDeclaredEncoding(declared);
        var start = new byte[AudioContainerDetection.Length];
        bytes.Record();
        var count = await bytes.ReadFullyAsync(start, cancellationToken).ConfigureAwait(false);
        bytes.Rewind();
        var container = AudioContainerDetection.Detect(start.AsSpan(0, count));
        if (declared?.Encoding == AudioEncoding.Wav && container is not (AudioContainer.Wav or AudioContainer.Unknown))
        {
            throw new AudioException(AudioErrorReason.FormatMismatch, $"The audio was declared as WAV, but is {container}.");
        }

        return container switch
        {
            AudioContainer.Wav => await OpenWavAsync(bytes, declared, report, cancellationToken).ConfigureAwait(false),
            AudioContainer.Unknown when count == 0 => throw new AudioException(
                AudioErrorReason.Unreadable, "The audio is empty: it has no bytes."),
            AudioContainer.Unknown => throw new AudioException(
                AudioErrorReason.Unreadable,
                $"The file is not audio that can be read: {AudioContainerDetection.Describe(start.AsSpan(0, count))}. "
                + "WAV is read, and with ffmpeg mp3, m4a, aac, flac, ogg, opus, webm, mp4 and mov."),
            _ => OpenWithFfmpeg(bytes, container, declared, report),
        };
    }

    private async ValueTask<IAsyncEnumerable<ReadOnlyMemory<float>>> OpenWavAsync(
        AudioInput bytes, AudioFormat? declared, AudioDecodeReport report, CancellationToken cancellationToken)
    {
        bytes.Record();
        var header = await new WavHeaderReader(bytes).ReadAsync(cancellationToken).ConfigureAwait(false);
        if (header.Layout is null)
        {
            if (!bytes.Rewind())
            {
                throw new AudioException(AudioErrorReason.Unsupported, $"The WAV file holds {header.CodingName} behind too long a header.");
            }

            return OpenWithFfmpeg(bytes, AudioContainer.Wav, declared, report);
        }

        bytes.StopRecording();
        CheckDeclaredShape(declared, header.Layout);
        Describe(report, header.Layout, $"wav, {header.CodingName}");
        return new PcmSource(bytes, header.Layout, report)
        {
            Length = header.DataLength,
            LengthIsFirm = header.LengthIsFirm,
            MaxAudio = options.MaxAudio,
        }.ReadAsync(CancellationToken.None);
    }

    private IAsyncEnumerable<ReadOnlyMemory<float>> OpenWithFfmpeg(
        AudioInput bytes, AudioContainer container, AudioFormat? declared, AudioDecodeReport report) =>
        new FfmpegDecoder(options, declared, report).DecodeAsync(bytes, container);

    private static void CheckDeclaredEncoding(AudioFormat? declared)
    {
        if (declared?.Encoding is AudioEncoding.Mp3 or AudioEncoding.Opus or AudioEncoding.Flac or AudioEncoding.Aac)
        {
            throw new AudioException(
                AudioErrorReason.Unsupported,
                $"{declared.Encoding} can't be declared for input: leave the encoding out, and the file is recognised.");
        }
    }

    internal static void CheckDeclaredShape(AudioFormat? declared, PcmLayout layout)
    {
        if (declared is { SampleRateHz: not 0 } && declared.SampleRateHz != layout.SampleRateHz)
        {
            throw new AudioException(
                AudioErrorReason.FormatMismatch,
                $"The audio was declared with {declared.SampleRateHz} Hz, but the file has {layout.SampleRateHz} Hz.");
        }

        if (declared is { ChannelCount: not 0 } && declared.ChannelCount != layout.ChannelCount)
        {
            throw new AudioException(
                AudioErrorReason.FormatMismatch,
                $"The audio was declared with {declared.ChannelCount} channels, but the file has {layout.ChannelCount}.");
        }
    }

    private static void Describe(AudioDecodeReport report, PcmLayout layout, string format)
    {
        report.SourceFormat = format;
        report.SourceSampleRateHz = layout.SampleRateHz;
        report.SourceChannelCount = layout.ChannelCount;
    }
}
