using System.Buffers;

namespace WhisperMesh.Audio;

/// <summary>
/// The bytes of one input, read once and in order. Counts them against the limit, and can hand its beginning out a second time:
/// what was read to recognise the format is not lost to the one who reads it.
/// </summary>
internal sealed class AudioInput(Stream stream, long maxBytes, AudioDecodeReport? report)
{
    private const int MaxRecorded = 65_536;

    private ArrayBufferWriter<byte>? _recording;
    private ReadOnlyMemory<byte> _replay;
    private long _received;

    /// <summary>Bytes handed out so far.</summary>
    public long Position { get; private set; }

    /// <summary>Keeps what is read from now on, until <see cref="Rewind"/> or too much of it.</summary>
    public void Record() => _recording = new ArrayBufferWriter<byte>();

    /// <summary>Goes back to where <see cref="Record"/> was called. False if more was read than is kept.</summary>
    public bool Rewind()
    {
        if (_recording is null)
        {
            return false;
        }

        var recorded = _recording.WrittenSpan.ToArray();
        Position -= recorded.Length;
        _replay = _replay.Length == 0 ? recorded : (byte[])[.. recorded, .. _replay.Span];
        _recording = null;
        return true;
    }

    public void StopRecording() => _recording = null;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count;
        if (_replay.Length > 0)
        {
            count = Math.Min(buffer.Length, _replay.Length);
            _replay[..count].CopyTo(buffer);
            _replay = _replay[count..];
        }
        else
        {
            count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            _received += count;
            if (report is not null)
            {
                report.BytesRead = _received;
            }

            if (_received > maxBytes)
            {
                throw new AudioException(AudioErrorReason.TooLarge, $"The audio has more than the {maxBytes} bytes that are allowed.");
            }
        }

        Position += count;
        if (_recording is not null)
        {
            _recording.Write(buffer.Span[..count]);
            _recording = _recording.WrittenCount <= MaxRecorded ? _recording : null;
        }

        return count;
    }

    /// <summary>Reads until the buffer is full or the input ends; returns how much that was.</summary>
    public async ValueTask<int> ReadFullyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var count = await ReadAsync(buffer[total..], cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }
}
