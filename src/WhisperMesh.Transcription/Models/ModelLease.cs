using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Models;

/// <summary>A model in use: it stays in memory until the lease is disposed.</summary>
internal sealed class ModelLease(ILoadedModel loaded, Action release) : IDisposable
{
    private Action? _release = release;

    public WhisperModel Model => Loaded.Model;

    public Transcriber Transcriber => Loaded.Transcriber;

    internal ILoadedModel Loaded
    {
        get
        {
            ObjectDisposedException.ThrowIf(_release is null, this);
            return loaded;
        }
    }

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
