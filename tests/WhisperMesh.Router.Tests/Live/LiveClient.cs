using System.Text;
using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Live;

/// <summary>A client's end of a live stream over gRPC.</summary>
internal sealed class LiveClient : IDisposable
{
    private readonly AsyncDuplexStreamingCall<StreamLiveRequest, StreamLiveResponse> _call;

    private LiveClient(AsyncDuplexStreamingCall<StreamLiveRequest, StreamLiveResponse> call) => _call = call;

    public List<StreamLiveResponse> Events { get; } = [];

    public LiveStarted Started => Events.Select(message => message.Started).First(started => started is not null);

    /// <summary>All committed words, as they came.</summary>
    public string Words => string.Concat(Events.Where(message => message.Update is not null)
        .SelectMany(message => message.Update.Words).Select(word => word.Text)).Trim();

    public IEnumerable<string> Finals => Events.Where(message => message.Final is not null).Select(message => message.Final.Segment.Text);

    public LiveSummary? Summary => Events.LastOrDefault()?.Summary;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<LiveClient> OpenAsync(RouterHost router, LiveConfig? config = null, string? key = null)
    {
        var headers = key is null ? null : new Metadata { { "authorization", "Bearer " + key } };
        var client = new LiveClient(router.Live.StreamLive(headers, cancellationToken: Token));
        var complete = config?.Clone() ?? new LiveConfig();
        complete.AudioFormat ??= FakeLiveCall.Format;
        await client.SendAsync(new StreamLiveRequest { Config = complete });
        return client;
    }

    public Task SendAsync(StreamLiveRequest message) => _call.RequestStream.WriteAsync(message, Token).Bounded();

    /// <summary>Sends audio that the fake recogniser hears as this text.</summary>
    public Task SayAsync(string text, long? position = null)
    {
        var audio = new LiveAudio { Data = ByteString.CopyFrom(text, Encoding.ASCII) };
        if (position is { } begin)
        {
            audio.Position = begin;
        }

        return SendAsync(new StreamLiveRequest { Audio = audio });
    }

    public Task CompleteAsync() => _call.RequestStream.CompleteAsync().Bounded();

    /// <summary>Reads the next event; null at the end.</summary>
    public async Task<StreamLiveResponse?> NextAsync()
    {
        if (!await _call.ResponseStream.MoveNext(Token).Bounded())
        {
            return null;
        }

        Events.Add(_call.ResponseStream.Current);
        return Events[^1];
    }

    /// <summary>Reads until an event is as wanted.</summary>
    public async Task<StreamLiveResponse> UntilAsync(Func<StreamLiveResponse, bool> wanted)
    {
        while (await NextAsync() is { } message)
        {
            if (wanted(message))
            {
                return message;
            }
        }

        throw new InvalidOperationException("The stream ended before the event came.");
    }

    public Task<StreamLiveResponse> UntilStartedAsync() => UntilAsync(message => message.Started is not null);

    public Task<StreamLiveResponse> UntilWordAsync(string word) =>
        UntilAsync(message => message.Update?.Words.Any(each => each.Text.Trim() == word) == true);

    /// <summary>Reads to the end.</summary>
    public async Task<LiveClient> ReadAllAsync()
    {
        while (await NextAsync() is not null)
        {
        }

        return this;
    }

    /// <summary>Breaks the connection.</summary>
    public void Dispose() => _call.Dispose();
}
