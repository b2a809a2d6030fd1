using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WhisperMesh.Audio.Ffmpeg;

namespace WhisperMesh.Audio.Writing;

/// <summary>Writes a compressed format through ffmpeg, from pipe to pipe, as the samples come.</summary>
internal sealed class FfmpegEncoder(AudioDecoderOptions options, EncodedFormat format)
{
    private const int ChunkBytes = 16 * 1024;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> EncodeAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> samples, int sampleRateHz, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var ffmpeg = FfmpegProcess.Start(options, Arguments(sampleRateHz), withInput: true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeding = FeedAsync(ffmpeg.Input, samples, stop.Token);
        try
        {
            var buffer = new byte[ChunkBytes];
            while (await ffmpeg.Output.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                yield return buffer.AsMemory(0, read);
            }

            await feeding.ConfigureAwait(false);
            if (!await ffmpeg.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new AudioException(AudioErrorReason.Unsupported, $"ffmpeg could not write {format.Name}: this build of it may lack the encoder.");
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IEnumerable<string> Arguments(int sampleRateHz) =>
    [
        "-probesize", "32", "-analyzeduration", "0",
        "-f", "f32le", "-ar", sampleRateHz.ToString(CultureInfo.InvariantCulture), "-ac", "1",
        "-i", "pipe:0",
        "-map_metadata", "-1",
        .. format.Arguments,
        "-flush_packets", "1",
        "pipe:1",
    ];

    private static async Task FeedAsync(Stream input, IAsyncEnumerable<ReadOnlyMemory<float>> samples, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var block in samples.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                await input.WriteAsync(MemoryMarshal.AsBytes(block.Span).ToArray(), cancellationToken).ConfigureAwait(false);
                await input.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // ffmpeg ended early; its exit code, read once its output has ended, says why.
        }
        finally
        {
            input.Close();
        }
    }
}
