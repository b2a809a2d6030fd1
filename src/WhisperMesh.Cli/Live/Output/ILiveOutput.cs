using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Output;

/// <summary>Writes the events of a live stream down as they come. Disposed at the end, however it came.</summary>
internal interface ILiveOutput : IAsyncDisposable
{
    ValueTask WriteAsync(StreamLiveResponse message);
}
