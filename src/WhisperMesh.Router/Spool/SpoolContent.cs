using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace WhisperMesh.Router.Spool;

/// <summary>
/// The bytes of one upload: its head in memory as far as there is room, the rest in a file that is made once it is needed, so that a
/// short utterance never touches the disk. One writer appends; readers stay below what it has written. What concerns the head is
/// called under one lock, since its memory serves other uploads later.
/// </summary>
internal sealed class SpoolContent(AudioSpool spool) : IDisposable
{
    /// <summary>Most bytes of an upload that are kept in memory: 16 s of 16-bit samples at 16 kHz.</summary>
    public const int MaxHeadBytes = 8 * BlockBytes;

    /// <summary>Bytes by which the head grows.</summary>
    public const int BlockBytes = 64 * 1024;

    private readonly List<byte[]> _blocks = new(MaxHeadBytes / BlockBytes);
    private int _headBytes;
    private bool _headEnded;
    private volatile SafeFileHandle? _file;

    /// <summary>Puts into the head what has room there.</summary>
    /// <param name="bytes">What comes next.</param>
    /// <param name="offset">Where that is: the sum of all that came before.</param>
    /// <returns>Bytes taken; the rest is for <see cref="AppendToFile"/>.</returns>
    public int AppendToHead(ReadOnlySpan<byte> bytes, long offset)
    {
        var taken = 0;
        while (taken < bytes.Length && (offset + taken < _headBytes || TryGrowHead()))
        {
            var block = BlockAt(offset + taken);
            var count = Math.Min(bytes.Length - taken, block.Length);
            bytes.Slice(taken, count).CopyTo(block);
            taken += count;
        }

        return taken;
    }

    /// <exception cref="ServiceDefaults.Errors.MeshException">No file can be made.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void AppendToFile(ReadOnlySpan<byte> bytes, long offset) =>
        // To memory of the system, mostly. Asynchronously it would block another thread as long, after a change to it.
        RandomAccess.Write(_file ??= spool.OpenFile(), bytes, offset - _headBytes);

    /// <summary>Fills <paramref name="buffer"/> with what the head has from <paramref name="offset"/> on.</summary>
    /// <returns>Bytes read; the rest is for <see cref="ReadFile"/>.</returns>
    public int ReadHead(Span<byte> buffer, long offset)
    {
        var read = 0;
        while (read < buffer.Length && offset + read < _headBytes)
        {
            var block = BlockAt(offset + read);
            var count = Math.Min(buffer.Length - read, block.Length);
            block[..count].CopyTo(buffer[read..]);
            read += count;
        }

        return read;
    }

    /// <summary>Reads what lies behind the head, once any of it was written.</summary>
    /// <returns>Bytes read, at least one where any was written.</returns>
    public int ReadFile(Span<byte> buffer, long offset) => RandomAccess.Read(_file!, buffer, offset - _headBytes);

    /// <summary>Gives the head's memory back. Nobody may read it any more.</summary>
    public void DropHead()
    {
        _headEnded = true;
        spool.ReturnMemory(_headBytes);
        foreach (var block in _blocks)
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        _blocks.Clear();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();

    private bool TryGrowHead()
    {
        if (_headEnded || _headBytes == MaxHeadBytes || !spool.TryTakeMemory(BlockBytes))
        {
            // There is no other from now on: what follows lies in the file.
            _headEnded = true;
            return false;
        }

        _blocks.Add(ArrayPool<byte>.Shared.Rent(BlockBytes));
        _headBytes += BlockBytes;
        return true;
    }

    private Span<byte> BlockAt(long offset) =>
        _blocks[(int)(offset / BlockBytes)].AsSpan((int)(offset % BlockBytes), BlockBytes - (int)(offset % BlockBytes));
}
