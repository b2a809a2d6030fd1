using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>
/// Live streams at a fake worker. Unless told otherwise it "hears" what <see cref="FakeRecogniser"/> does: audio whose bytes are
/// letters, spoken at 8000 letters a second, so that tests see exactly what was lost or came twice.
/// </summary>
internal sealed class FakeLive(string workerId)
{
    public string WorkerId { get; } = workerId;

    /// <summary>What it was asked, one for each stream.</summary>
    public ConcurrentQueue<LiveConfig> Configs { get; } = [];

    /// <summary>Runs in place of the recogniser when set.</summary>
    public Func<FakeLiveCall, Task>? OnLive { get; set; }

    /// <summary>Runs before each message after the config is heard, as to die or to be slow.</summary>
    public Func<FakeLiveCall, StreamLiveRequest, Task>? OnMessage { get; set; }

    /// <summary>Streams that run now.</summary>
    public int Running => _running;

    private int _running;

    public async Task RunAsync(FakeLiveCall call)
    {
        Interlocked.Increment(ref _running);
        try
        {
            await (OnLive is { } behave ? behave(call) : call.RecogniseAsync());
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}

/// <summary>One live stream at a fake worker.</summary>
internal sealed record FakeLiveCall(
    FakeLive Live,
    LiveConfig Config,
    IAsyncStreamReader<StreamLiveRequest> Requests,
    IServerStreamWriter<StreamLiveResponse> Responses,
    ServerCallContext Context)
{
    /// <summary>The format of audio that the recogniser hears: one byte a letter, 8000 a second.</summary>
    public static AudioFormat Format { get; } = new() { Encoding = AudioEncoding.PcmU8, SampleRateHz = 8000, ChannelCount = 1 };

    public Task SendAsync(StreamLiveResponse message) => Responses.WriteAsync(message, Context.CancellationToken);

    public Task StartedAsync() => SendAsync(new StreamLiveResponse
    {
        Progress = new LiveProgress(),
        Started = new LiveStarted { RequestId = Config.RequestId, WorkerId = Live.WorkerId, Model = Config.Model },
    });

    public Task StatusAsync(LiveLoad load = LiveLoad.Normal) => SendAsync(new StreamLiveResponse
    {
        Progress = new LiveProgress(),
        Status = new LiveStatus { WorkerId = Live.WorkerId, Load = load, PassInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) },
    });

    /// <summary>Hears the stream to its end.</summary>
    public async Task RecogniseAsync()
    {
        await StartedAsync();
        var recogniser = new FakeRecogniser(Config);
        while (await Requests.MoveNext(Context.CancellationToken))
        {
            if (Live.OnMessage is { } before)
            {
                await before(this, Requests.Current);
            }

            await SendAllAsync(recogniser.Hear(Requests.Current));
        }

        await SendAllAsync(recogniser.Complete(Live.WorkerId));
    }

    /// <summary>Waits until the call is cancelled from outside.</summary>
    public async Task HangAsync()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = Context.CancellationToken.Register(() => cancelled.TrySetResult());
        await cancelled.Task;
        Context.CancellationToken.ThrowIfCancellationRequested();
    }

    private async Task SendAllAsync(IEnumerable<StreamLiveResponse> messages)
    {
        foreach (var message in messages)
        {
            await SendAsync(message);
        }
    }
}

internal sealed class FakeLiveTranscription(FakeLive live) : LiveTranscriptionService.LiveTranscriptionServiceBase
{
    public override async Task StreamLive(
        IAsyncStreamReader<StreamLiveRequest> requestStream, IServerStreamWriter<StreamLiveResponse> responseStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        var config = requestStream.Current.Config;
        live.Configs.Enqueue(config);
        await live.RunAsync(new FakeLiveCall(live, config, requestStream, responseStream, context));
    }
}
