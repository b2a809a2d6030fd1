using System.Threading.Channels;
using WhisperMesh.Audio;
using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Live;

/// <summary>One live stream: what it is fed with goes through an inbox to one loop, whose events wait in an outbox.</summary>
internal sealed class LiveTranscription : ILiveTranscription
{
    /// <summary>Audio that may wait to be heard.</summary>
    private const long MostWaiting = 60 * LogMel.SampleRateHz;

    /// <summary>Events that may wait to be read; then the loop waits too.</summary>
    private const int MostEvents = 256;

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<LiveEvent> _events = Channel.CreateBounded<LiveEvent>(MostEvents);
    private readonly LiveInbox _inbox;
    private readonly Task _work;
    private int _disposed;

    public LiveTranscription(WhisperModel model, SileroVad vad, LiveOptions options)
    {
        var start = options.Resume?.Checkpoint.Sample ?? 0;
        _inbox = new LiveInbox(options.PassesByAudio ? 0 : MostWaiting, start);
        var teller = new LiveTeller(_events.Writer, _inbox, start, _stop.Token);
        var loop = new LiveLoop(model, vad, options, _inbox, teller, _stop.Token);
        _work = Task.Run(() => RunAsync(loop));
    }

    public ValueTask HearAsync(ReadOnlyMemory<float> samples, CancellationToken cancellationToken) =>
        // The caller may use its memory again.
        FeedAsync(new LiveInput(LiveInputKind.Audio, samples.ToArray()), cancellationToken);

    public ValueTask CommitAsync(CancellationToken cancellationToken) => FeedAsync(new LiveInput(LiveInputKind.Commit), cancellationToken);

    public ValueTask ClearAsync(CancellationToken cancellationToken) => FeedAsync(new LiveInput(LiveInputKind.Clear), cancellationToken);

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await FeedAsync(new LiveInput(LiveInputKind.Complete), cancellationToken).ConfigureAwait(false);
        _inbox.Complete();
    }

    public IAsyncEnumerable<LiveEvent> ReadAsync(CancellationToken cancellationToken) => _events.Reader.ReadAllAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
        }
        await _work.ConfigureAwait(false);
        _stop.Dispose();
    }

    private ValueTask FeedAsync(LiveInput input, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return _inbox.AddAsync(input, cancellationToken);
    }

    private async Task RunAsync(LiveLoop loop)
    {
        try
        {
            await loop.RunAsync().ConfigureAwait(false);
            _events.Writer.Complete();
        }
        catch (Exception exception)
        {
            // Whatever it is, whoever feeds the stream and whoever reads it has to know.
            _events.Writer.Complete(exception);
            _inbox.Fail(exception);
        }
        finally
        {
            await loop.EndAsync().ConfigureAwait(false);
        }
    }
}
