using System.Diagnostics;
using System.IO.Pipelines;
using Grpc.Core;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.FakeMesh;

namespace WhisperMesh.Client.Tests;

public sealed class ClientTranscriptionTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private FakeMeshServer _server = null!;
    private WhisperMeshClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeMeshServer.StartAsync();
        _client = new WhisperMeshClient(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task TranscribeAsync_WholeFile_SendsConfigThenAllBytesInSmallMessages()
    {
        var audio = new byte[100_000];
        Random.Shared.NextBytes(audio);
        var messages = new List<StreamTranscribeRequest>();
        _server.Script.Transcribe = async (requests, responses, context) =>
        {
            await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
            {
                messages.Add(request);
            }

            await responses.WriteAsync(new() { Summary = new() { RequestId = "done" } });
        };

        var transcript = await _client
            .TranscribeAsync(new MemoryStream(audio), new() { Model = "m", LanguageCode = "en" }, Token)
            .ToTranscriptAsync(cancellationToken: Token);

        transcript.Summary.RequestId.ShouldBe("done");
        messages[0].Config.ShouldBe(new TranscriptionConfig { Model = "m", LanguageCode = "en" });
        messages.Skip(1).ShouldAllBe(message => message.Audio.Length > 0 && message.Audio.Length <= 32768);
        messages.Skip(1).SelectMany(message => message.Audio.ToByteArray()).ShouldBe(audio);
    }

    [Fact]
    public async Task TranscribeAsync_SourceStillOpen_GivesSegmentsAlready()
    {
        _server.Script.Transcribe = async (requests, responses, context) =>
        {
            while (await requests.MoveNext(context.CancellationToken))
            {
                if (requests.Current.Audio is { Length: > 0 })
                {
                    await responses.WriteAsync(new() { Segment = new() { Text = "early" } });
                }
            }

            await responses.WriteAsync(new() { Summary = new() });
        };
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(new byte[10], Token);

        var texts = new List<string>();
        await foreach (var response in _client.TranscribeAsync(pipe.Reader.AsStream(), cancellationToken: Token))
        {
            if (response.Segment is { } segment)
            {
                texts.Add(segment.Text);
                await pipe.Writer.CompleteAsync();
            }
        }

        texts.ShouldBe(["early"]);
    }

    [Fact]
    public async Task TranscribeAsync_MeshDoesNotRead_StopsReadingTheSource()
    {
        var release = new TaskCompletionSource();
        _server.Script.Transcribe = async (_, responses, _) =>
        {
            await release.Task.WaitAsync(Bound);
            await responses.WriteAsync(new() { Summary = new() });
        };
        var source = new EndlessStream();
        var work = Task.Run(() => _client.TranscribeAsync(source, cancellationToken: Token).ToTranscriptAsync(cancellationToken: Token), Token);

        // Far more than the HTTP/2 windows hold: if nothing held the source back, it would get here.
        var ran = source.HasGiven(64 << 20);
        await Task.WhenAny(ran, source.Stalled.WaitAsync(Bound, Token));
        ran.IsCompleted.ShouldBeFalse();
        release.SetResult();
        await work.WaitAsync(Bound, Token);
    }

    [Fact]
    public async Task TranscribeAsync_Cancelled_EndsHereAndOnTheServer()
    {
        var ended = new TaskCompletionSource();
        var began = new TaskCompletionSource();
        _server.Script.Transcribe = async (_, _, context) =>
        {
            began.SetResult();
            using var registration = context.CancellationToken.Register(ended.SetResult);
            await ended.Task.WaitAsync(Bound);
        };
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var work = _client.TranscribeAsync(new Pipe().Reader.AsStream(), cancellationToken: cancellation.Token)
            .ToTranscriptAsync(cancellationToken: Token);
        await began.Task.WaitAsync(Bound, Token);

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => work.WaitAsync(Bound, Token));
        await ended.Task.WaitAsync(Bound, Token);
    }

    [Fact]
    public async Task TranscribeAsync_EnumerationLeftEarly_EndsTheCall()
    {
        var ended = new TaskCompletionSource();
        _server.Script.Transcribe = async (_, responses, context) =>
        {
            using var registration = context.CancellationToken.Register(ended.SetResult);
            await responses.WriteAsync(new() { Started = new() });
            await ended.Task.WaitAsync(Bound);
        };

        await foreach (var response in _client.TranscribeAsync(new Pipe().Reader.AsStream(), cancellationToken: Token))
        {
            response.Started.ShouldNotBeNull();
            break;
        }

        await ended.Task.WaitAsync(Bound, Token);
    }

    [Fact]
    public async Task TranscribeAsync_SourceFails_ThrowsItsError()
    {
        _server.Script.AnswerWith("never");

        var exception = await Should.ThrowAsync<IOException>(
            () => _client.TranscribeAsync(new BrokenStream(), cancellationToken: Token).ToTranscriptAsync(cancellationToken: Token));

        exception.Message.ShouldBe("the disk is gone");
    }

    [Fact]
    public async Task TranscribeAsync_RefusedDuringUpload_ThrowsTheRefusal()
    {
        _server.Script.RefuseWith(FakeMeshScript.Error(
            StatusCode.InvalidArgument, "LANGUAGE_NOT_SUPPORTED", "The model has no Klingon.", field: "language_code"));

        var exception = await Should.ThrowAsync<WhisperMeshException>(
            () => _client.TranscribeAsync(new EndlessStream(), cancellationToken: Token).ToTranscriptAsync(cancellationToken: Token));

        exception.Status.ShouldBe(StatusCode.InvalidArgument);
        exception.Reason.ShouldBe("LANGUAGE_NOT_SUPPORTED");
        exception.Field.ShouldBe("language_code");
        exception.Message.ShouldBe("The model has no Klingon.");
    }

    [Fact]
    public async Task ToTranscriptAsync_NoSummary_Throws()
    {
        _server.Script.Transcribe = (_, responses, _) => responses.WriteAsync(new() { Segment = new() { Text = "half" } });

        await Should.ThrowAsync<WhisperMeshException>(
            () => _client.TranscribeAsync(new MemoryStream(), cancellationToken: Token).ToTranscriptAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task TranscribeAsync_Traced_CarriesTheTraceToTheServer()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "WhisperMesh.Client",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        _server.Script.AnswerWith("traced");
        using var parent = new Activity("caller").Start();

        await _client.TranscribeAsync(new MemoryStream(new byte[4]), cancellationToken: Token).ToTranscriptAsync(cancellationToken: Token);

        _server.Script.TraceParents.ShouldHaveSingleItem().ShouldNotBeNull().ShouldContain(parent.TraceId.ToHexString());
    }
}
