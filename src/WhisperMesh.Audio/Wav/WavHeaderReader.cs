using System.Buffers;
using System.Buffers.Binary;
using WhisperMesh.Audio.Pcm;

namespace WhisperMesh.Audio.Wav;

/// <summary>
/// Reads a WAV file up to its first sample, from a stream that can't seek. Sizes are not believed more than they must be: writers
/// that stream leave 0 or -1, chunks claim more than there is, and some leave out the byte that pads an odd chunk.
/// </summary>
internal sealed class WavHeaderReader(AudioInput input)
{
    private const uint UnknownSize = 0xFFFFFFFF;

    private readonly long _start = input.Position;
    private long _riffLength;
    private long _longDataLength = -1;
    private PcmLayout? _layout;
    private int _formatTag = -1;

    public async ValueTask<WavHeader> ReadAsync(CancellationToken cancellationToken)
    {
        var header = new byte[12];
        await FillAsync(header, cancellationToken).ConfigureAwait(false);
        CheckRiff(header);
        _riffLength = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));

        var chunk = new byte[8];
        var carried = 0;
        while (true)
        {
            await FillChunkHeaderAsync(chunk, carried, cancellationToken).ConfigureAwait(false);
            carried = 0;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(4));
            if (chunk.AsSpan(0, 4).SequenceEqual("data"u8))
            {
                return Complete(length);
            }

            await ReadChunkAsync(chunk.AsMemory(0, 4), length, cancellationToken).ConfigureAwait(false);
            if (_formatTag >= 0 && _layout is null)
            {
                // A coding for another reader: it starts over, so nothing after this is needed.
                return new WavHeader(null, _formatTag, null, LengthIsFirm: false);
            }

            if ((length & 1) == 1)
            {
                await FillAsync(chunk.AsMemory(0, 1), cancellationToken).ConfigureAwait(false);
                carried = chunk[0] == 0 ? 0 : 1;
            }
        }
    }

    private static void CheckRiff(ReadOnlySpan<byte> header)
    {
        if (!header[8..].SequenceEqual("WAVE"u8))
        {
            throw new AudioException(AudioErrorReason.Unreadable, "The file is a RIFF file, but not a WAV: it holds no sound.");
        }
    }

    private async ValueTask ReadChunkAsync(ReadOnlyMemory<byte> id, uint length, CancellationToken cancellationToken)
    {
        var kept = 0;
        var content = new byte[WavFormatChunk.MaxLength];
        if (id.Span.SequenceEqual("fmt "u8))
        {
            if (length < WavFormatChunk.MinLength)
            {
                throw new AudioException(
                    AudioErrorReason.Unreadable, $"The WAV header is damaged: its format has {length} bytes of at least 16.");
            }

            kept = (int)Math.Min(length, WavFormatChunk.MaxLength);
            await FillAsync(content.AsMemory(0, kept), cancellationToken).ConfigureAwait(false);
            (_layout, _formatTag) = WavFormatChunk.Parse(content.AsSpan(0, kept));
        }
        else if (id.Span.SequenceEqual("ds64"u8) && length >= 24)
        {
            kept = 24;
            await FillAsync(content.AsMemory(0, kept), cancellationToken).ConfigureAwait(false);
            _longDataLength = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(8));
        }

        await SkipAsync(length - kept, cancellationToken).ConfigureAwait(false);
    }

    private WavHeader Complete(uint length)
    {
        if (_layout is null)
        {
            throw new AudioException(AudioErrorReason.Unreadable, "The WAV file is damaged: its sound comes before its format.");
        }

        if (length == UnknownSize)
        {
            // RF64 keeps the length of a large file in a chunk of its own.
            return _longDataLength > 0
                ? new WavHeader(_layout, _formatTag, _longDataLength, LengthIsFirm: true)
                : new WavHeader(_layout, _formatTag, null, LengthIsFirm: false);
        }

        if (length == 0)
        {
            // Zero is what a writer leaves that could not come back to fill it in, unless the file goes on behind it as declared.
            var moreChunks = _riffLength != UnknownSize && _riffLength + 8 > input.Position - _start;
            return new WavHeader(_layout, _formatTag, moreChunks ? 0 : null, LengthIsFirm: false);
        }

        // Streaming writers also leave the largest number they know, less a header.
        var isPlaceholder = length is >= 0x7FFF_F000 and <= 0x8000_0000 or >= 0xFFFF_F000;
        return new WavHeader(_layout, _formatTag, length, !isPlaceholder);
    }

    private async ValueTask FillChunkHeaderAsync(byte[] chunk, int carried, CancellationToken cancellationToken)
    {
        var count = await input.ReadFullyAsync(chunk.AsMemory(carried), cancellationToken).ConfigureAwait(false);
        if (carried + count < chunk.Length)
        {
            throw new AudioException(
                AudioErrorReason.Unreadable,
                _layout is null
                    ? $"The WAV header is cut short after {input.Position - _start} bytes."
                    : "The WAV file ends before its sound: it has no 'data' chunk.");
        }
    }

    private async ValueTask FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (await input.ReadFullyAsync(buffer, cancellationToken).ConfigureAwait(false) < buffer.Length)
        {
            throw CutShort();
        }
    }

    private async ValueTask SkipAsync(long length, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (length > 0)
            {
                var count = await input.ReadAsync(buffer.AsMemory(0, (int)Math.Min(length, 4096)), cancellationToken).ConfigureAwait(false);
                length -= count > 0 ? count : throw CutShort();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private AudioException CutShort() =>
        new(AudioErrorReason.Unreadable, $"The WAV header is cut short after {input.Position - _start} bytes.");
}
