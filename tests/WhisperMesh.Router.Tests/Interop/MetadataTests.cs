using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Interop;

/// <summary>gRPC's interoperability cases on metadata, trailers and compression, through a router that compresses.</summary>
public sealed class MetadataTests : IAsyncLifetime
{
    private const string RequestEncoding = "grpc-internal-encoding-request";

    private FakeWorker _worker = null!;
    private RouterHost _router = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await FakeWorker.StartAsync("one");
        _router = await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Router:CompressReplies"] = "true" }, _worker.Lease, Leases.Synthesis("voice", _worker.Address));
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _worker.DisposeAsync();
    }

    /// <summary>custom_metadata: text and binary headers pass, the request id comes back in front, details come in a binary trailer.</summary>
    [Fact]
    public async Task CustomMetadata_TextAndBinary_GoBothWays()
    {
        _worker.Speech.OnTranscribe = _ => throw MeshException.InvalidArgument("audio", "Bad.");
        var sent = new Metadata { { "x-note", "test_initial_metadata_value" }, { "x-note-bin", [0xab, 0xab, 0xab] } };
        using var call = _router.Transcription.StreamTranscribe(sent, cancellationToken: Token);
        await call.RequestStream.WriteAsync(
            new StreamTranscribeRequest { Config = new TranscriptionConfig { RequestId = "from-me" } }, Token);

        var initial = await call.ResponseHeadersAsync.Bounded();
        await call.RequestStream.CompleteAsync();
        var error = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(Token).Bounded());

        initial.GetValue("x-request-id").ShouldBe("from-me");
        error.Trailers.GetValueBytes("grpc-status-details-bin").ShouldNotBeNull();
        RpcErrorDetails.From(error).Field.ShouldBe("audio");
    }

    /// <summary>client_compressed_unary: a compressed message is read.</summary>
    [Fact]
    public async Task ClientCompressedUnary_IsRead() =>
        (await _router.Models.ListModelsAsync(new ListModelsRequest(), Gzip(), cancellationToken: Token)).Models.Count.ShouldBe(2);

    /// <summary>client_compressed_streaming: compressed and plain messages of one stream are read alike.</summary>
    [Fact]
    public async Task ClientCompressedStreaming_CompressedAndPlainMix()
    {
        using var call = _router.Transcription.StreamTranscribe(Gzip(), cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
        await call.RequestStream.WriteAsync(Audio(27182), Token);
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(Audio(45904), Token);
        await call.RequestStream.CompleteAsync();

        var texts = await call.ResponseStream.ReadAllAsync(Token)
            .Where(message => message.Segment is not null).Select(message => message.Segment.Text).ToListAsync(Token);

        texts[0].ShouldBe("73086 bytes");
    }

    /// <summary>server_compressed_unary and server_compressed_streaming: the reply says that it is compressed, and is right.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ServerCompressed_SaysSoAndIsRight(bool streaming)
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = _router.GrpcAddress };
        var path = streaming ? "/whispermesh.speech.v1.SynthesisService/Synthesize" : "/whispermesh.speech.v1.ModelService/ListModels";
        IMessage message = streaming ? new SynthesizeRequest { Text = "Hello." } : new ListModelsRequest();
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, (byte)message.CalculateSize(), .. message.ToByteArray()])
            {
                Headers = { ContentType = new("application/grpc") },
            },
            Headers = { { "te", "trailers" }, { "grpc-accept-encoding", "gzip" } },
        };

        using var response = await http.SendAsync(request, Token).Bounded();
        var body = await response.Content.ReadAsByteArrayAsync(Token).Bounded();

        response.Headers.GetValues("grpc-encoding").Single().ShouldBe("gzip");
        body[0].ShouldBe((byte)1, "the flag of a compressed message");
        response.TrailingHeaders.GetValues("grpc-status").Single().ShouldBe("0");
    }

    private static Metadata Gzip() => new() { { RequestEncoding, "gzip" } };

    private static StreamTranscribeRequest Audio(int size) => new() { Audio = ByteString.CopyFrom(new byte[size]) };
}
