using WhisperMesh.Audio;

namespace WhisperMesh.Whisper.Live;

/// <summary>One live stream.</summary>
internal sealed class LiveTranscription(WhisperModel model, SileroVad vad, LiveOptions options) : ILiveTranscription
{
    public ValueTask HearAsync(ReadOnlyMemory<float> samples, CancellationToken cancellationToken) => throw Missing();

    public ValueTask CommitAsync(CancellationToken cancellationToken) => throw Missing();

    public ValueTask ClearAsync(CancellationToken cancellationToken) => throw Missing();

    public ValueTask CompleteAsync(CancellationToken cancellationToken) => throw Missing();

    public IAsyncEnumerable<LiveEvent> ReadAsync(CancellationToken cancellationToken) => throw Missing();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private NotSupportedException Missing() => new($"{model.Name} {vad} {options}");
}
