using System.Threading.Channels;
using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Transcription.Tests.Live;

/// <summary>An engine that tells what a test says, when it says so.</summary>
internal sealed class FakeLiveTranscription : ILiveTranscription
{
    private readonly Channel<LiveEvent> _events = Channel.CreateUnbounded<LiveEvent>();

    public void Tell(LiveEvent happened) => _events.Writer.TryWrite(happened).ShouldBeTrue();

    public IAsyncEnumerable<LiveEvent> ReadAsync(CancellationToken cancellationToken) => _events.Reader.ReadAllAsync(cancellationToken);

    public ValueTask HearAsync(ReadOnlyMemory<float> samples, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask CommitAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ClearAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask CompleteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
