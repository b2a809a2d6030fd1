using System.Collections.Concurrent;
using System.Threading.Channels;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Requests;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>Live sessions without workers: a test sees what each was given and says what each tells.</summary>
internal sealed class FakeLiveSessions : ILiveSessions
{
    private readonly Channel<FakeLiveConnection> _opened = Channel.CreateUnbounded<FakeLiveConnection>();

    /// <summary>Why no session can be opened; null: they can.</summary>
    public Exception? Refusal { get; set; }

    public ConcurrentQueue<FakeLiveConnection> All { get; } = new();

    public IReadOnlyList<LiveSessionInfo> Sessions => [.. All.Select(connection => connection.Session)];

    public Task<ILiveConnection> ConnectAsync(LiveConfig config, RequestOrigin origin, CancellationToken cancellationToken)
    {
        if (Refusal is not null)
        {
            return Task.FromException<ILiveConnection>(Refusal);
        }

        var connection = new FakeLiveConnection(config.Clone(), origin);
        All.Enqueue(connection);
        _opened.Writer.TryWrite(connection);
        return Task.FromResult<ILiveConnection>(connection);
    }

    /// <summary>The next session that is opened.</summary>
    public Task<FakeLiveConnection> NextAsync() => _opened.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Bounded();
}

/// <summary>One of them. A test sees what it is sent, and has it <see cref="Tell"/> the rest.</summary>
internal sealed class FakeLiveConnection(LiveConfig config, RequestOrigin origin) : ILiveConnection
{
    private readonly Channel<StreamLiveRequest> _sent = Channel.CreateUnbounded<StreamLiveRequest>();
    private readonly Channel<StreamLiveResponse> _events = Channel.CreateUnbounded<StreamLiveResponse>();
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LiveConfig Config => config;

    public RequestOrigin Origin => origin;

    public LiveSessionInfo Session { get; } = new(config.RequestId, origin.Caller.TenantId, "", DateTimeOffset.UnixEpoch);

    /// <summary>The client has sent all.</summary>
    public Task Completed => _completed.Task.Bounded();

    /// <summary>The client gave the session up.</summary>
    public Task Abandoned => _abandoned.Task.Bounded();

    public bool IsDisposed { get; private set; }

    public long Received { get; private set; }

    public ValueTask SendAsync(StreamLiveRequest message, CancellationToken cancellationToken)
    {
        Received += message.Audio?.Data.Length ?? 0;
        _sent.Writer.TryWrite(message.Clone());
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        _completed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public ValueTask AbandonAsync()
    {
        _abandoned.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public IAsyncEnumerable<StreamLiveResponse> ReadAsync(CancellationToken cancellationToken) => _events.Reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>The next message that it was sent.</summary>
    public Task<StreamLiveRequest> NextAsync() => _sent.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Bounded();

    /// <summary>The bytes of the next audio messages, until there are as many.</summary>
    public async Task<byte[]> HearAsync(int bytes)
    {
        using var all = new MemoryStream();
        while (all.Length < bytes)
        {
            var message = await NextAsync();
            message.Audio.ShouldNotBeNull();
            message.Audio.Data.Length.ShouldBeLessThanOrEqualTo(65_536);
            all.Write(message.Audio.Data.Span);
        }

        return all.ToArray();
    }

    public void Tell(params StreamLiveResponse[] messages)
    {
        foreach (var message in messages)
        {
            _events.Writer.TryWrite(message).ShouldBeTrue();
        }
    }

    /// <summary>Ends the session as asked.</summary>
    public void End()
    {
        Tell(new StreamLiveResponse { Summary = new LiveSummary { RequestId = Config.RequestId } });
        _events.Writer.Complete();
    }

    public void Fail(Exception exception) => _events.Writer.Complete(exception);
}
