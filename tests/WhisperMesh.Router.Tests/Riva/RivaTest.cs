using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Nvidia.Riva;
using Nvidia.Riva.Asr;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tests.Riva;

/// <summary>A router whose live sessions a test plays, and a client of Riva's.</summary>
public abstract class RivaTest : IAsyncLifetime
{
    private FakeWorker? _worker;
    private RouterHost? _router;

    internal FakeLiveSessions Sessions { get; } = new();

    internal FakeWorker Worker => _worker!;

    internal RivaSpeechRecognition.RivaSpeechRecognitionClient Client { get; private set; } = null!;

    protected static RecognitionConfig Samples => new() { Encoding = AudioEncoding.LinearPcm, SampleRateHertz = 16_000, LanguageCode = "en-US" };

    public async ValueTask InitializeAsync()
    {
        _worker = await FakeWorker.StartAsync("one");
        _router = await RouterHost.StartAsync(services => services.AddSingleton<ILiveSessions>(Sessions), _worker.Lease);
        Client = new RivaSpeechRecognition.RivaSpeechRecognitionClient(_router.Calls);
    }

    public async ValueTask DisposeAsync()
    {
        await _router!.DisposeAsync();
        await _worker!.DisposeAsync();
    }

    internal AsyncDuplexStreamingCall<StreamingRecognizeRequest, StreamingRecognizeResponse> Open() =>
        Client.StreamingRecognize(cancellationToken: TestContext.Current.CancellationToken);

    protected static StreamingRecognizeRequest Configuration(RecognitionConfig config, bool interim = false) =>
        new() { StreamingConfig = new StreamingRecognitionConfig { Config = config, InterimResults = interim } };

    protected static StreamingRecognizeRequest Audio(byte[] bytes) => new() { AudioContent = ByteString.CopyFrom(bytes) };

    protected static Task WriteAsync(
        AsyncDuplexStreamingCall<StreamingRecognizeRequest, StreamingRecognizeResponse> call, params StreamingRecognizeRequest[] messages) =>
        WriteAllAsync(call, messages).Bounded();

    internal static async Task<RpcErrorDetails> ErrorAsync(Task call) =>
        RpcErrorDetails.From(await Should.ThrowAsync<RpcException>(() => call.Bounded()));

    internal static async Task<RpcErrorDetails> ErrorAsync(
        AsyncDuplexStreamingCall<StreamingRecognizeRequest, StreamingRecognizeResponse> call) =>
        await ErrorAsync(call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

    private static async Task WriteAllAsync(
        AsyncDuplexStreamingCall<StreamingRecognizeRequest, StreamingRecognizeResponse> call, StreamingRecognizeRequest[] messages)
    {
        foreach (var message in messages)
        {
            await call.RequestStream.WriteAsync(message, TestContext.Current.CancellationToken);
        }
    }
}
