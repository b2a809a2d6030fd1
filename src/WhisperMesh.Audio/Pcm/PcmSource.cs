using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WhisperMesh.Audio.Pcm;

/// <summary>Reads frames from an input as they arrive and gives them as 16 kHz mono.</summary>
internal sealed class PcmSource(AudioInput input, PcmLayout layout, AudioDecodeReport report)
{
    /// <summary>Bytes of samples to read. Null: to the end of the input.</summary>
    public long? Length { get; init; }

    /// <summary>Fewer bytes than <see cref="Length"/> are worth a warning.</summary>
    public bool LengthIsFirm { get; init; }

    /// <summary>The longest audio that is let through.</summary>
    public required TimeSpan MaxAudio { get; init; }

    public async IAsyncEnumerable<ReadOnlyMemory<float>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var converter = new PcmConverter(layout);
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
                var block = converter.Convert(buffer.AsSpan(0, whole));
                buffer.AsSpan(whole, held - whole).CopyTo(buffer);
                held -= whole;
                Count(block, started);
                if (block.Length > 0)
                {
                    yield return block;
                }
            }

            WarnIfShort(read, held);
            var start = Stopwatch.GetTimestamp();
            var last = converter.Complete();
            Count(last, start);
            if (last.Length > 0)
            {
                yield return last;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Count(ReadOnlyMemory<float> block, long started)
    {
        report.DecodeTime += Stopwatch.GetElapsedTime(started);
        report.SampleCount += block.Length;
        if (report.Duration > MaxAudio)
        {
            throw new AudioException(AudioErrorReason.TooLong, $"The audio is longer than the {MaxAudio} that are allowed.");
        }
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
