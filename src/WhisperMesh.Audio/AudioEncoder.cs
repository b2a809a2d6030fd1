using System.Buffers;
using System.Runtime.CompilerServices;
using WhisperMesh.Audio.Ffmpeg;
using WhisperMesh.Audio.Writing;

namespace WhisperMesh.Audio;

/// <summary>
/// Writes mono audio as WAV, 16-bit PCM, mp3, opus, flac or aac while it is being made. Compressed formats need ffmpeg.
/// Thread-safe; holds nothing between calls.
/// </summary>
/// <param name="options">Where ffmpeg is, and what it may use up.</param>
public sealed class AudioEncoder(AudioDecoderOptions options)
{
    /// <summary>Checks that a format can be written, and fills in what it leaves open.</summary>
    /// <param name="target">The format asked for.</param>
    /// <param name="sampleRateHz">Rate of the samples.</param>
    /// <returns>The format that <see cref="EncodeAsync"/> gives: encoding, rate and one channel.</returns>
    /// <exception cref="AudioException">It can't be written, or needs ffmpeg and there is none.</exception>
    public async Task<AudioFormat> ResolveAsync(AudioFormat target, int sampleRateHz)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.ChannelCount is not (0 or 1))
        {
            throw new AudioException(AudioErrorReason.Unsupported, $"Speech has one channel; {target.ChannelCount} were asked for.");
        }

        if (target.SampleRateHz != 0)
        {
            AudioLimits.CheckSampleRate(target.SampleRateHz, "The audio format");
        }

        if (EncodedFormat.For(target.Encoding) is { } format)
        {
            await FfmpegLocator.RequireAsync(options.FfmpegPath).ConfigureAwait(false);
            return new AudioFormat(target.Encoding, CompressedRate(format, target.SampleRateHz, sampleRateHz), 1);
        }

        var encoding = target.Encoding == AudioEncoding.Unspecified ? AudioEncoding.Wav : target.Encoding;
        return encoding is AudioEncoding.Wav or AudioEncoding.PcmS16Le
            ? new AudioFormat(encoding, target.SampleRateHz == 0 ? sampleRateHz : target.SampleRateHz, 1)
            : throw new AudioException(AudioErrorReason.Unsupported, $"{encoding} can be read, but not written.");
    }

    /// <summary>Writes samples in a format.</summary>
    /// <param name="samples">Blocks, full scale at -1 and 1; what is above is clipped.</param>
    /// <param name="sampleRateHz">Their rate.</param>
    /// <param name="target">The format; another rate than the samples' resamples them.</param>
    /// <param name="cancellationToken">Stops the work at once.</param>
    /// <returns>The bytes, as they are made. A block is valid until the next one is asked for.</returns>
    /// <exception cref="AudioException">The format can't be written.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> EncodeAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> samples,
        int sampleRateHz,
        AudioFormat target,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var resolved = await ResolveAsync(target, sampleRateHz).ConfigureAwait(false);
        var resampled = ResampleAsync(samples, sampleRateHz, resolved.SampleRateHz, cancellationToken);
        var bytes = EncodedFormat.For(resolved.Encoding) is { } format
            ? new FfmpegEncoder(options, format).EncodeAsync(resampled, resolved.SampleRateHz, cancellationToken)
            : PcmAsync(resampled, resolved, cancellationToken);
        await foreach (var block in bytes.ConfigureAwait(false))
        {
            yield return block;
        }
    }

    private static int CompressedRate(EncodedFormat format, int asked, int own) =>
        asked == 0 ? format.NearestRateHz(own)
        : format.RatesHz.Contains(asked) ? asked
        : throw new AudioException(
            AudioErrorReason.Unsupported, $"{format.Name} has no rate of {asked} Hz: {string.Join(", ", format.RatesHz)} can be asked for.");

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> PcmAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> samples, AudioFormat target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (target.Encoding == AudioEncoding.Wav)
        {
            yield return PcmWriter.WavHeader(target.SampleRateHz);
        }

        await foreach (var block in samples.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return PcmWriter.ToSigned16(block.Span);
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<float>> ResampleAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> samples, int fromHz, int toHz, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var resampler = new Resampler(fromHz, toHz);
        var output = new ArrayBufferWriter<float>();
        await foreach (var block in samples.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            output.ResetWrittenCount();
            resampler.Process(block.Span, output);
            if (output.WrittenCount > 0)
            {
                yield return output.WrittenMemory;
            }
        }

        output.ResetWrittenCount();
        resampler.Complete(output);
        if (output.WrittenCount > 0)
        {
            yield return output.WrittenMemory;
        }
    }
}
