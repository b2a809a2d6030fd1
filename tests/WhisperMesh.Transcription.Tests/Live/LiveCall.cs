using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Tests.Live;

/// <summary>A live stream from a client's side: sends what a test says, keeps all that is answered.</summary>
internal sealed class LiveCall : IDisposable
{
    /// <summary>Longest wait for anything: models are slow on a busy machine.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private const int ChunkBytes = 3200;

    private readonly AsyncDuplexStreamingCall<StreamLiveRequest, StreamLiveResponse> _call;
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    public LiveCall(RunningWorker worker, CancellationToken cancellationToken) =>
        _call = worker.LiveClient.StreamLive(cancellationToken: cancellationToken);

    /// <summary>All that has been read.</summary>
    public List<StreamLiveResponse> Events { get; } = [];

    public IReadOnlyList<LiveWord> Words => [.. Events.SelectMany(e => e.Update?.Words ?? [])];

    public IReadOnlyList<LiveFinal> Finals => [.. Events.Select(e => e.Final).OfType<LiveFinal>()];

    public string Text => string.Concat(Words.Select(word => word.Text)).Trim();

    /// <summary>16 kHz mono, passes by the audio: the same words whatever the machine's load.</summary>
    public static LiveConfig Config() => new()
    {
        LanguageCode = "en",
        PassClock = LivePassClock.Audio,
        AudioFormat = new AudioFormat { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16_000, ChannelCount = 1 },
    };

    public static async Task<LiveCall> StartAsync(RunningWorker worker, LiveConfig config)
    {
        var call = new LiveCall(worker, TestContext.Current.CancellationToken);
        await call.SendAsync(new StreamLiveRequest { Config = config });
        await call.ReadUntilAsync(e => e.Started is not null);
        return call;
    }

    public Task SendAsync(StreamLiveRequest request) => _call.RequestStream.WriteAsync(request, _token).WaitAsync(Bound, _token);

    public async Task SendAsync(ReadOnlyMemory<byte> audio)
    {
        for (var at = 0; at < audio.Length; at += ChunkBytes)
        {
            await SendAsync(Audio(audio.Slice(at, Math.Min(ChunkBytes, audio.Length - at)).ToArray()));
        }
    }

    public Task CommitAsync() => SendAsync(new StreamLiveRequest { Commit = new LiveCommit() });

    public Task ClearAsync() => SendAsync(new StreamLiveRequest { Clear = new LiveClear() });

    /// <summary>Half-closes.</summary>
    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    /// <summary>Reads up to the first event that is like this.</summary>
    public async Task<StreamLiveResponse> ReadUntilAsync(Func<StreamLiveResponse, bool> isIt)
    {
        while (await _call.ResponseStream.MoveNext(_token).WaitAsync(Bound, _token))
        {
            Events.Add(_call.ResponseStream.Current);
            if (isIt(_call.ResponseStream.Current))
            {
                return _call.ResponseStream.Current;
            }
        }

        throw new InvalidOperationException("The stream ended without the event.");
    }

    /// <summary>Sends the rest, half-closes and reads to the summary.</summary>
    public async Task<LiveSummary> FinishAsync(ReadOnlyMemory<byte> audio = default)
    {
        var sent = SendRestAsync(audio);
        var last = await ReadUntilAsync(e => e.Summary is not null);
        await sent;
        (await _call.ResponseStream.MoveNext(_token).WaitAsync(Bound, _token)).ShouldBeFalse();
        return last.Summary;
    }

    /// <summary>Reads to the error that ends the stream.</summary>
    public async Task<RpcErrorDetails> FailAsync() =>
        RpcErrorDetails.From(await Should.ThrowAsync<RpcException>(() => ReadUntilAsync(_ => false)));

    /// <summary>Sends what may be refused and gives the error that answers it.</summary>
    public static async Task<RpcErrorDetails> FailAsync(RunningWorker worker, params StreamLiveRequest[] requests)
    {
        using var call = new LiveCall(worker, TestContext.Current.CancellationToken);
        try
        {
            foreach (var request in requests)
            {
                await call.SendAsync(request);
            }

            await call.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The worker answered before all was sent; the answer is read below.
        }

        return await call.FailAsync();
    }

    public static StreamLiveRequest Audio(byte[] bytes, long? position = null)
    {
        var audio = new LiveAudio { Data = ByteString.CopyFrom(bytes) };
        if (position is { } known)
        {
            audio.Position = known;
        }

        return new StreamLiveRequest { Audio = audio };
    }

    public void Dispose() => _call.Dispose();

    private async Task SendRestAsync(ReadOnlyMemory<byte> audio)
    {
        await SendAsync(audio);
        await CompleteAsync();
    }
}
