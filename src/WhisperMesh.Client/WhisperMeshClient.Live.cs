using System.Runtime.CompilerServices;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

public sealed partial class WhisperMeshClient
{
    internal LiveTiming LiveTiming { get; init; } = new();

    /// <summary>Opens a live stream: words come while they are spoken. Returns once a worker has it.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="cancellationToken">Ends the wait; the stream itself is ended by disposing it.</param>
    /// <exception cref="WhisperMeshException">The mesh refused the stream, or none of its addresses answered.</exception>
    public Task<LiveTranscription> OpenLiveAsync(LiveOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.AudioFormat);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Tail, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ResumeTime, TimeSpan.Zero);
        return LiveTranscription.OpenAsync(_live, options, LiveTiming, cancellationToken);
    }

    /// <summary>Transcribes pieces of audio as they come; the same as <see cref="OpenLiveAsync"/> with a source to its end.</summary>
    /// <param name="audio">Samples, in pieces of any size: 20 to 100 ms is a good one.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="WhisperMeshException">The mesh refused the stream or failed on it.</exception>
    public async IAsyncEnumerable<StreamLiveResponse> TranscribeLiveAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> audio,
        LiveOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var live = await OpenLiveAsync(options, cancellationToken).ConfigureAwait(false);
        var sending = Task.Run(() => SendAsync(live, audio, ending.Token), CancellationToken.None);
        var events = live.ReadAsync(ending.Token).GetAsyncEnumerator(CancellationToken.None);
        try
        {
            while (await NextAsync(events, sending, ending).ConfigureAwait(false))
            {
                yield return events.Current;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await events.DisposeAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task SendAsync(LiveTranscription live, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var piece in audio.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                await live.SendAsync(piece, cancellationToken).ConfigureAwait(false);
            }

            live.Complete();
        }
        catch when (live.IsOver)
        {
            // Whoever reads the events learns why.
        }
    }

    /// <summary>The next event; a source that fails ends the wait for it, and its error is thrown.</summary>
    private static async Task<bool> NextAsync(IAsyncEnumerator<StreamLiveResponse> events, Task sending, CancellationTokenSource ending)
    {
        var next = events.MoveNextAsync().AsTask();
        await Task.WhenAny(next, sending).ConfigureAwait(false);
        if (!next.IsCompleted && sending.IsFaulted)
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await sending.ConfigureAwait(false);
        }

        return await next.ConfigureAwait(false);
    }
}
