namespace WhisperMesh.Router.Spool;

/// <summary>Follows one upload from its first byte. Not thread-safe.</summary>
internal sealed class SpoolReader(SpoolFile file)
{
    private long _offset;

    /// <summary>Whether the next read gets bytes at once.</summary>
    public bool HasMore => file.Length > _offset;

    /// <summary>Fills <paramref name="buffer"/> with what there is, waiting for the first byte; 0 at the end of the upload.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await file.ReadAsync(buffer, _offset, cancellationToken);
        _offset += count;
        return count;
    }
}
