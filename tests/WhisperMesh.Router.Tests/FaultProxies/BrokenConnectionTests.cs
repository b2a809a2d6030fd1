using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Clients;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.Router.Tests.FaultProxies;

/// <summary>
/// F15: whatever a connection does to the bytes, a call ends with the result, whole, or with a status: never with a part of it taken
/// for the whole, and never not at all.
/// </summary>
public sealed class BrokenConnectionTests : IAsyncLifetime
{
    // Frames of one call lie within these bytes; the step is prime to their sizes, so that every part of a frame is met.
    private const int CallBytes = 2600;
    private const int Step = 61;

    private static readonly string[] Whole = ["3000 bytes", "by one"];

    private FakeWorker _one = null!;
    private FakeWorker _two = null!;
    private FaultProxy _toWorker = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_one, _two) = (await FakeWorker.StartAsync("one"), await FakeWorker.StartAsync("two"));
        _toWorker = FaultProxy.Start(new Uri(_one.Address).Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _toWorker.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    /// <summary>Pieces of 1 to 7 bytes on both links, and ends passed on late, change nothing.</summary>
    [Fact]
    public async Task TinyPieces_GiveTheSameResult()
    {
        await using var router = await RouterHost.StartAsync(Leases.Transcription("one", _toWorker.Address.ToString()));
        await using var toRouter = FaultProxy.Start(router.GrpcAddress.Port);
        var faults = new Faults { SliceBytes = 7, CloseDelay = TimeSpan.FromMilliseconds(50) };
        (_toWorker.Both, toRouter.Both) = (faults, faults);

        (await TextsAsync(toRouter.Address)).ShouldBe(Whole);
    }

    /// <summary>A connection to the worker that ends at any byte costs a retry, not the result.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WorkerLinkEndsAnywhere_AnotherWorkerGivesTheResult(bool toServer)
    {
        await using var router = await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Router:FailedWorkerPause"] = "00:00:00" },
            Leases.Transcription("one", _toWorker.Address.ToString()),
            _two.Lease);
        for (var limit = 1; limit < CallBytes; limit += Step)
        {
            await _toWorker.ResetAllAsync();
            (_toWorker.ToServer, _toWorker.ToClient) = Limits(toServer, limit);

            var texts = await TextsAsync(router.GrpcAddress);

            texts[0].ShouldBe(Whole[0], $"limit {limit}");
            texts[1].ShouldBeOneOf("by one", "by two");
        }
    }

    /// <summary>A connection to the router that ends at any byte gives the client the result or an error.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClientLinkEndsAnywhere_ResultOrStatus(bool toServer)
    {
        await using var router = await RouterHost.StartAsync(_one.Lease);
        await using var toRouter = FaultProxy.Start(router.GrpcAddress.Port);
        var (whole, refused) = (0, 0);
        for (var limit = 1; limit < CallBytes; limit += Step)
        {
            (toRouter.ToServer, toRouter.ToClient) = Limits(toServer, limit);
            try
            {
                (await TextsAsync(toRouter.Address)).ShouldBe(Whole);
                whole++;
            }
            catch (RpcException e)
            {
                e.StatusCode.ShouldBeOneOf(StatusCode.Unavailable, StatusCode.Internal, StatusCode.Cancelled);
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(0);
        (whole + refused).ShouldBe((CallBytes - 1 + Step - 1) / Step);
        await Bounds.UntilAsync(() => router.Spool.OpenFiles == 0);
    }

    private static (Faults ToServer, Faults ToClient) Limits(bool toServer, int limit)
    {
        var faults = new Faults { LimitBytes = limit };
        return toServer ? (faults, Faults.None) : (Faults.None, faults);
    }

    private static async Task<List<string>> TextsAsync(Uri address)
    {
        using var channel = GrpcChannelDefaults.CreateChannel(address);
        using var call = new TranscriptionService.TranscriptionServiceClient(channel).StreamTranscribe(cancellationToken: Token);
        var events = ReadAsync(call);
        try
        {
            await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
            await call.RequestStream.WriteAsync(
                new StreamTranscribeRequest { Audio = Google.Protobuf.ByteString.CopyFrom(new byte[3000]) }, Token);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException or HttpRequestException)
        {
            // The reader tells.
        }

        var received = await events.Bounded();
        received[^1].Summary.ShouldNotBeNull("a stream that ends well ends with a summary");
        return [.. received.Where(message => message.Segment is not null).Select(message => message.Segment.Text)];
    }

    private static async Task<List<StreamTranscribeResponse>> ReadAsync(
        AsyncDuplexStreamingCall<StreamTranscribeRequest, StreamTranscribeResponse> call)
    {
        var events = new List<StreamTranscribeResponse>();
        await foreach (var message in call.ResponseStream.ReadAllAsync(Token))
        {
            events.Add(message);
        }

        return events;
    }
}
