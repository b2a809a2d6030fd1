using System.Runtime.CompilerServices;
using WhisperMesh.Audio.Ffmpeg;
using WhisperMesh.Audio.Pcm;
using WhisperMesh.Audio.Wav;

namespace WhisperMesh.Audio;

/// <summary>Decodes audio of any kind that can be read to floats at 16 kHz. Thread-safe: one decoder serves all requests.</summary>
public sealed class AudioDecoder(AudioDecoderOptions options)
{
    /// <summary>
    /// Decodes one input to mono: more channels are mixed to their mean. WAV and headerless samples are given as their bytes arrive; anything else is first written to a temporary
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
        await foreach (var blocks in DecodeAsync(input, declared, ChannelHandling.MixDown, report ?? new(), cancellationToken)
            .ConfigureAwait(false))
        {
            yield return blocks[0];
        }
    }

    /// <summary>
    /// Decodes one input with its channels kept apart, as for a call recording with a speaker on each. Otherwise as
    /// <see cref="DecodeAsync(Stream, AudioFormat?, AudioDecodeReport?, CancellationToken)"/>.
    /// </summary>
    /// <param name="input">The bytes.</param>
    /// <param name="declared">What the caller said of the format; null or unspecified: a file that is recognised.</param>
    /// <param name="report">Filled in on the way, where one is given. Its duration is that of one channel.</param>
    /// <param name="cancellationToken">Stops reading, ends ffmpeg and removes the temporary file.</param>
    /// <returns>
    /// For each stretch of at most a second a block for each channel of the source, in the source's order and of one length. A
    /// channel of low-frequency effects is among them, so that a place in the list is always the channel of that number in the file.
    /// The list and its blocks are valid until the next are asked for.
    /// </returns>
    /// <exception cref="AudioException">
    /// The audio can't be read, or is above a limit: more channels than <see cref="AudioDecoderOptions.MaxChannels"/> are
    /// <see cref="AudioErrorReason.Unsupported"/>.
    /// </exception>
    public IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>> DecodeChannelsAsync(
        Stream input,
        AudioFormat? declared = null,
        AudioDecodeReport? report = null,
        CancellationToken cancellationToken = default) =>
        DecodeAsync(input, declared, ChannelHandling.KeepApart, report ?? new(), cancellationToken);

    private async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>> DecodeAsync(
        Stream input,
        AudioFormat? declared,
        ChannelHandling channels,
        AudioDecodeReport report,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var bytes = new AudioInput(input, options.MaxAudioBytes, report);
        var samples = declared is not null && PcmLayout.FromDeclared(declared) is { } layout
            ? DecodePcm(bytes, layout, channels, report)
            : await OpenFileAsync(bytes, declared, channels, report, cancellationToken).ConfigureAwait(false);
        await foreach (var blocks in samples.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return blocks;
        }

        if (report.BytesRead == 0)
        {
            throw new AudioException(AudioErrorReason.Unreadable, "The audio is empty: it has no bytes.");
        }
    }

    private IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>> DecodePcm(
        AudioInput bytes, PcmLayout layout, ChannelHandling channels, AudioDecodeReport report)
    {
        Describe(report, layout, $"raw, {layout.CodingName}");
        return new PcmSource(bytes, layout, options, report) { Channels = channels }.ReadAsync(CancellationToken.None);
    }

    private async ValueTask<IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>>> OpenFileAsync(
        AudioInput bytes,
        AudioFormat? declared,
        ChannelHandling channels,
        AudioDecodeReport report,
        CancellationToken cancellationToken)
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
            AudioContainer.Wav => await OpenWavAsync(bytes, declared, channels, report, cancellationToken).ConfigureAwait(false),
            AudioContainer.Unknown when count == 0 => throw new AudioException(
                AudioErrorReason.Unreadable, "The audio is empty: it has no bytes."),
            AudioContainer.Unknown => throw new AudioException(
                AudioErrorReason.Unreadable,
                $"The file is not audio that can be read: {AudioContainerDetection.Describe(start.AsSpan(0, count))}. "
                + "WAV is read, and with ffmpeg mp3, m4a, aac, flac, ogg, opus, webm, mp4 and mov."),
            _ => OpenWithFfmpeg(bytes, container, declared, channels, report),
        };
    }

    private async ValueTask<IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>>> OpenWavAsync(
        AudioInput bytes,
        AudioFormat? declared,
        ChannelHandling channels,
        AudioDecodeReport report,
        CancellationToken cancellationToken)
    {
        bytes.Record();
        var header = await new WavHeaderReader(bytes).ReadAsync(cancellationToken).ConfigureAwait(false);
        if (header.Layout is null)
        {
            if (!bytes.Rewind())
            {
                throw new AudioException(AudioErrorReason.Unsupported, $"The WAV file holds {header.CodingName} behind too long a header.");
            }

            return OpenWithFfmpeg(bytes, AudioContainer.Wav, declared, channels, report);
        }

        bytes.StopRecording();
        CheckDeclaredShape(declared, header.Layout);
        Describe(report, header.Layout, $"wav, {header.CodingName}");
        return new PcmSource(bytes, header.Layout, options, report)
        {
            Length = header.DataLength,
            LengthIsFirm = header.LengthIsFirm,
            Channels = channels,
        }.ReadAsync(CancellationToken.None);
    }

    private IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>> OpenWithFfmpeg(
        AudioInput bytes, AudioContainer container, AudioFormat? declared, ChannelHandling channels, AudioDecodeReport report) =>
        new FfmpegDecoder(options, declared, channels, report).DecodeAsync(bytes, container);

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
