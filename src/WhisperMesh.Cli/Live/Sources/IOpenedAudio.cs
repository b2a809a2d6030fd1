namespace WhisperMesh.Cli.Live.Sources;

/// <summary>Audio that is being read: a file or pipe, or what another program writes.</summary>
internal interface IOpenedAudio : IAsyncDisposable
{
    /// <summary>The next bytes; 0 at the end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Called at the end of the stream: throws when it ended for a failure. When the end was asked for, it is none.</summary>
    /// <exception cref="IOException">The source failed; the message says why.</exception>
    Task CheckAsync(CancellationToken finish);
}

/// <summary>A file, or standard input.</summary>
internal sealed class PlainAudio(Stream stream) : IOpenedAudio
{
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => stream.ReadAsync(buffer, cancellationToken);

    public Task CheckAsync(CancellationToken finish) => Task.CompletedTask;

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
