using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Interop;

/// <summary>
/// gRPC's interoperability cases (grpc/grpc, doc/interop-test-descriptions.md), said with our own services and sent through a router to
/// a worker: sizes, streams, deadlines, cancellation, status. Metadata and compression are beside this in their own class.
/// </summary>
public sealed class InteropTests : IAsyncLifetime
{
    private FakeWorker _worker = null!;
    private RouterHost _router = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await FakeWorker.StartAsync("one");
        _router = await RouterHost.StartAsync(_worker.Lease, Leases.Synthesis("voice", _worker.Address));
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _worker.DisposeAsync();
    }

    /// <summary>empty_unary: an empty message is answered.</summary>
    [Fact]
    public async Task EmptyUnary_IsAnswered() =>
        (await _router.Models.ListModelsAsync(new ListModelsRequest(), cancellationToken: Token)).Models.Count.ShouldBe(2);

    /// <summary>large_unary: 271,828 bytes up in one message, 314,159 down in one.</summary>
    [Fact]
    public async Task LargeMessages_ArriveWhole()
    {
        var text = new string('x', 314_159);
        _worker.Speech.OnTranscribe = async call =>
        {
            var length = await call.ReadAllAsync();
            await call.SegmentAsync(0, 0, 1, text);
            await call.SummaryAsync(length);
        };

        var events = await _router.TranscribeAsync(new TranscriptionConfig(), new byte[271_828]).Bounded();

        events[0].Segment.Text.ShouldBe(text);
        events[1].Summary.AudioDuration.Seconds.ShouldBe(271_828);
    }

    /// <summary>client_streaming: four messages of given sizes add up.</summary>
    [Fact]
    public async Task ClientStreaming_AddsUp()
    {
        var events = await _router.TranscribeAsync(
            new TranscriptionConfig(), new byte[27182], new byte[8], new byte[1828], new byte[45904]).Bounded();

        events.First(message => message.Segment is not null).Segment.Text.ShouldBe("74922 bytes");
    }

    /// <summary>server_streaming: four messages of given sizes arrive as they were sent.</summary>
    [Fact]
    public async Task ServerStreaming_KeepsMessagesApart()
    {
        int[] sizes = [31415, 9, 2653, 58979];
        _worker.Speech.OnSynthesize = async (request, responses, context) =>
        {
            foreach (var size in sizes)
            {
                await responses.WriteAsync(new SynthesizeResponse { Audio = ByteString.CopyFrom(new byte[size]) }, context.CancellationToken);
            }

            await responses.WriteAsync(Events.SynthesisSummary(request, "one"), context.CancellationToken);
        };

        using var call = _router.Synthesis.Synthesize(new SynthesizeRequest { Text = "Hello." }, cancellationToken: Token);
        var received = new List<int>();
        await foreach (var message in call.ResponseStream.ReadAllAsync(Token))
        {
            received.Add(message.Audio.Length);
        }

        received.SkipLast(1).ShouldBe(sizes);
    }

    /// <summary>ping_pong: each message is answered before the next is sent.</summary>
    [Fact]
    public async Task PingPong_AnswersComeBetweenTheMessages()
    {
        int[] sizes = [27182, 8, 1828, 45904];
        _worker.Speech.OnTranscribe = PongAsync;
        using var call = _router.Transcription.StreamTranscribe(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
        foreach (var size in sizes)
        {
            await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Audio = ByteString.CopyFrom(new byte[size]) }, Token);
            var heard = 0;
            while (heard < size)
            {
                // A message may be relayed in several pieces.
                (await call.ResponseStream.MoveNext(Token).Bounded()).ShouldBeTrue();
                heard += int.Parse(call.ResponseStream.Current.Segment.Text, System.Globalization.CultureInfo.InvariantCulture);
            }

            heard.ShouldBe(size);
        }

        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext(Token).Bounded()).ShouldBeTrue();
        call.ResponseStream.Current.Summary.ShouldNotBeNull();
        (await call.ResponseStream.MoveNext(Token).Bounded()).ShouldBeFalse();
    }

    /// <summary>empty_stream: a stream without a message ends with a status, at once.</summary>
    [Fact]
    public async Task EmptyStream_EndsWithAStatus()
    {
        using var call = _router.Transcription.StreamTranscribe(cancellationToken: Token);
        await call.RequestStream.CompleteAsync();

        var error = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(Token).Bounded());

        (error.StatusCode, RpcErrorDetails.From(error).Reason).ShouldBe((StatusCode.FailedPrecondition, ErrorReasons.ConfigMissing));
    }

    /// <summary>cancel_after_begin: a call that is cancelled before it has said anything is over.</summary>
    [Fact]
    public async Task CancelAfterBegin_IsOver()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = _router.Transcription.StreamTranscribe(cancellationToken: cancel.Token);
        await cancel.CancelAsync();

        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).Bounded()))
            .StatusCode.ShouldBe(StatusCode.Cancelled);
        await Bounds.UntilAsync(() => _router.Spool.OpenFiles == 0);
    }

    /// <summary>cancel_after_first_response: the cancel reaches the worker.</summary>
    [Fact]
    public async Task CancelAfterFirstResponse_ReachesTheWorker()
    {
        _worker.Speech.OnTranscribe = async call =>
        {
            await call.SegmentAsync(0, 0, 1, "first");
            await call.HangAsync();
        };
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = _router.Transcription.StreamTranscribe(cancellationToken: cancel.Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
        (await call.ResponseStream.MoveNext(Token).Bounded()).ShouldBeTrue();

        await cancel.CancelAsync();

        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).Bounded()))
            .StatusCode.ShouldBe(StatusCode.Cancelled);
        await _worker.Speech.Cancelled.Task.Bounded();
    }

    /// <summary>timeout_on_sleeping_server: a deadline of a millisecond is kept.</summary>
    [Fact]
    public async Task TimeoutOnSleepingServer_IsDeadlineExceeded()
    {
        _worker.Speech.OnTranscribe = call => call.HangAsync();
        using var call = _router.Transcription.StreamTranscribe(
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(1), cancellationToken: Token);

        var error = await Should.ThrowAsync<RpcException>(async () =>
        {
            await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
            await call.ResponseStream.MoveNext(Token).Bounded();
        });

        error.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    /// <summary>status_code_and_message: what a worker says goes through unchanged.</summary>
    [Fact]
    public async Task StatusCodeAndMessage_GoThrough()
    {
        _worker.Speech.OnTranscribe = _ => throw MeshException.InvalidArgument("audio", "test status message");

        var error = await Should.ThrowAsync<RpcException>(() => _router.TranscribeAsync(new TranscriptionConfig(), new byte[1]).Bounded());

        (error.StatusCode, error.Status.Detail).ShouldBe((StatusCode.InvalidArgument, "test status message"));
    }

    /// <summary>special_status_message: white space and characters of every plane survive in a message.</summary>
    [Fact]
    public async Task SpecialStatusMessage_SurvivesWhole()
    {
        const string Special = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
        _worker.Speech.OnTranscribe = _ => throw MeshException.InvalidArgument("audio", Special);

        var error = await Should.ThrowAsync<RpcException>(() => _router.TranscribeAsync(new TranscriptionConfig(), new byte[1]).Bounded());

        error.Status.Detail.ShouldBe(Special);
    }

    /// <summary>unimplemented_method and unimplemented_service.</summary>
    [Theory]
    [InlineData("whispermesh.speech.v1.TranscriptionService", "Unknown")]
    [InlineData("whispermesh.speech.v1.UnknownService", "StreamTranscribe")]
    public async Task Unimplemented_IsSaid(string service, string name)
    {
        var method = new Method<ListModelsRequest, ListModelsResponse>(
            MethodType.Unary,
            service,
            name,
            Marshallers.Create(message => message.ToByteArray(), ListModelsRequest.Parser.ParseFrom),
            Marshallers.Create(message => message.ToByteArray(), ListModelsResponse.Parser.ParseFrom));

        using var call = _router.Invoker.AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Token), new ListModelsRequest());

        (await Should.ThrowAsync<RpcException>(() => call.ResponseAsync.Bounded())).StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    /// <summary>Beyond the list: more calls than one connection's streams, on one channel.</summary>
    [Fact]
    public async Task ManyCallsOnOneChannel_AllAreServed()
    {
        var calls = Enumerable.Range(0, 300).Select(_ => _router.TranscribeAsync(new TranscriptionConfig(), new byte[3000])).ToList();

        var results = await Task.WhenAll(calls).WaitAsync(TimeSpan.FromMinutes(1), Token);

        results.ShouldAllBe(events => events.Any(message => message.Segment != null && message.Segment.Text == "3000 bytes"));
    }

    /// <summary>Beyond the list: a header of 63 KB is answered with a status, and the next call is served.</summary>
    [Fact]
    public async Task HugeHeader_IsRefusedAndHarmsNobody()
    {
        var headers = new Metadata { { "x-huge", new string('h', 63 * 1024) } };

        await Should.ThrowAsync<RpcException>(
            () => _router.Models.ListModelsAsync(new ListModelsRequest(), headers, cancellationToken: Token).ResponseAsync.Bounded());

        await EmptyUnary_IsAnswered();
    }

    private static async Task PongAsync(FakeCall call)
    {
        for (var i = 0; await call.Requests.MoveNext(call.Context.CancellationToken); i++)
        {
            await call.SegmentAsync(i, i, 1, $"{call.Requests.Current.Audio.Length}");
        }

        await call.SummaryAsync();
    }
}
