using System.Runtime.CompilerServices;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Sources;

/// <summary>Where the samples of a live stream come from. Nothing is started or read before the first piece is asked for.</summary>
/// <param name="Format">What the samples are.</param>
/// <param name="Open">Opens them; the token ends the wait.</param>
/// <param name="Length">Bytes that are samples, where something else may follow them.</param>
internal sealed record LiveSource(AudioFormat Format, Func<CancellationToken, Task<IOpenedAudio>> Open, long Length = long.MaxValue)
{
    // Short enough that captions do not wait for it, long enough to be worth a message.
    private static readonly TimeSpan PieceLength = TimeSpan.FromSeconds(0.05);

    internal int FrameBytes => SampleFormats.Bytes(Format.Encoding) * Format.ChannelCount;

    /// <summary>The samples in pieces of whole frames, until the source ends or <paramref name="finish"/> asks for the end.</summary>
    internal async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Pace pace, CancellationToken finish, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(finish, cancellationToken);
        await using var audio = await TryOpenAsync(either.Token, cancellationToken);
        if (audio is null)
        {
            yield break;
        }

        var pieceBytes = Math.Max(1, (int)(PieceLength.TotalSeconds * Format.SampleRateHz)) * FrameBytes;
        var sent = 0L;
        var isLast = false;
        while (!isLast)
        {
            // Each piece has its own buffer: a read that is left behind may still write into it.
            var piece = new byte[(int)Math.Min(pieceBytes, Length - sent)];
            var filled = await FillAsync(audio, piece, either.Token);
            isLast = filled < pieceBytes;
            filled -= filled % FrameBytes;
            sent += filled;
            if (filled == 0 || !await pace.WaitAsync(TimeSpan.FromSeconds((double)sent / FrameBytes / Format.SampleRateHz), either.Token))
            {
                break;
            }

            yield return piece.AsMemory(0, filled);
        }

        cancellationToken.ThrowIfCancellationRequested();
        await audio.CheckAsync(finish);
    }

    /// <summary>Null when the end is asked for before there is anything.</summary>
    private async Task<IOpenedAudio?> TryOpenAsync(CancellationToken either, CancellationToken cancellationToken)
    {
        try
        {
            return await Open(either);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Bytes read: fewer than fit when the source ends, or when no more is wanted.</summary>
    private static async Task<int> FillAsync(IOpenedAudio audio, byte[] piece, CancellationToken cancellationToken)
    {
        var filled = 0;
        try
        {
            while (filled < piece.Length
                && await audio.ReadAsync(piece.AsMemory(filled), cancellationToken).AsTask().WaitAsync(cancellationToken) is var count and > 0)
            {
                filled += count;
            }
        }
        catch (OperationCanceledException)
        {
            // What came so far is sent.
        }

        return filled;
    }
}
