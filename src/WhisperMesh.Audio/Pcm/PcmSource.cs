using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WhisperMesh.Audio.Pcm;

/// <summary>Reads frames from an input as they arrive and gives them at 16 kHz, a block for each channel that comes out.</summary>
internal sealed class PcmSource(AudioInput input, PcmLayout layout, AudioDecoderOptions options, AudioDecodeReport report)
{
    /// <summary>Bytes of samples to read. Null: to the end of the input.</summary>
    public long? Length { get; init; }

    /// <summary>Fewer bytes than <see cref="Length"/> are worth a warning.</summary>
    public bool LengthIsFirm { get; init; }

    /// <summary>What becomes of the channels.</summary>
    public required ChannelHandling Channels { get; init; }

    public async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CheckChannels();
        using var converter = new PcmConverter(layout, Channels);
        var capacity = converter.MaxFrames * layout.BytesPerFrame;
        var buffer = ArrayPool<byte>.Shared.Rent(capacity);
        try
        {
            long read = 0;
            var held = 0;
            while (true)
            {
                var wanted = (int)Math.Min(capacity - held, Length - read ?? long.MaxValue);
                var count = wanted == 0 ? 0 : await input.ReadAsync(buffer.AsMemory(held, wanted), cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                read += count;
                held += count;
                var whole = held - (held % layout.BytesPerFrame);
                if (whole == 0)
                {
                    continue;
                }

                var started = Stopwatch.GetTimestamp();
                var blocks = converter.Convert(buffer.AsSpan(0, whole));
                buffer.AsSpan(whole, held - whole).CopyTo(buffer);
                held -= whole;
                if (Count(blocks, started))
                {
                    yield return blocks;
                }
            }

            WarnIfShort(read, held);
            var start = Stopwatch.GetTimestamp();
            var last = converter.Complete();
            if (Count(last, start))
            {
                yield return last;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void CheckChannels()
    {
        if (Channels == ChannelHandling.KeepApart && layout.ChannelCount > options.MaxChannels)
        {
            throw new AudioException(
                AudioErrorReason.Unsupported,
                $"The audio has {layout.ChannelCount} channels; at most {options.MaxChannels} can be kept apart.");
        }
    }

    // False if there is nothing yet. The channels run beside each other, so one of them tells the time.
    private bool Count(IReadOnlyList<ReadOnlyMemory<float>> blocks, long started)
    {
        report.DecodeTime += Stopwatch.GetElapsedTime(started);
        report.SampleCount += blocks[0].Length;
        if (report.Duration > options.MaxAudio)
        {
            throw new AudioException(AudioErrorReason.TooLong, $"The audio is longer than the {options.MaxAudio} that are allowed.");
        }

        return blocks[0].Length > 0;
    }

    private void WarnIfShort(long read, int held)
    {
        if (LengthIsFirm && read < Length)
        {
            report.Warn($"The audio is cut short: {read} of {Length} bytes of sound are there.");
        }
        else if (held > 0)
        {
            report.Warn("The audio ends within a sample, which was left out.");
        }
    }
}
