using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Synthesis.Voices;

/// <summary>A text on its way to be heard. One reader; disposing it stops the voice and waits until it has.</summary>
internal sealed class SpokenText(SpeechEngine engine, string text, float speed, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ReadOnlyMemory<float>> _blocks =
        engine.SpeakAsync(text, speed, cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>Waits for the first sound.</summary>
    /// <exception cref="MeshException">There is none in the whole text.</exception>
    public async Task BeginAsync()
    {
        if (!await _blocks.MoveNextAsync())
        {
            throw MeshException.InvalidArgument("text", "The text gives no sound in this voice.");
        }
    }

    /// <summary>The samples, from the first sound on.</summary>
    /// <param name="progress">Told how much has been handed out so far.</param>
    public async IAsyncEnumerable<ReadOnlyMemory<float>> ReadAsync(Action<TimeSpan> progress)
    {
        var samples = 0L;
        do
        {
            samples += _blocks.Current.Length;
            progress(TimeSpan.FromSeconds((double)samples / engine.SampleRateHz));
            yield return _blocks.Current;
        }
        while (await _blocks.MoveNextAsync());
    }

    public ValueTask DisposeAsync() => _blocks.DisposeAsync();
}
