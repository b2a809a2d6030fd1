using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Languages;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Spool;

/// <summary>Uploads that fail: the caller hears why, whichever stage of the router it is that finds out.</summary>
public sealed class FailedUploadTests
{
    private const int Limit = 5000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamTranscribe_FailsBeforeTheFirstStageReads_SaysWhy(bool repeatsConfig)
    {
        await using var worker = await FakeWorker.StartAsync("one");
        await using var router = await StartAsync(worker);

        using var call = router.Transcription.StreamTranscribe(cancellationToken: Token);
        await SendAsync(call.RequestStream, repeatsConfig);
        var error = await Should.ThrowAsync<RpcException>(call.ResponseStream.MoveNext(Token).Bounded());

        error.StatusCode.ShouldBe(repeatsConfig ? StatusCode.FailedPrecondition : StatusCode.ResourceExhausted, error.Message);
        RpcErrorDetails.From(error).Reason.ShouldBe(repeatsConfig ? ErrorReasons.ConfigRepeated : ErrorReasons.AudioTooLarge);
        worker.Speech.Configs.ShouldBeEmpty();
        await Bounds.UntilAsync(() => router.Spool is { OpenFiles: 0, BytesInUse: 0 });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DetectLanguage_FailsBeforeTheFirstStageReads_SaysWhy(bool repeatsConfig)
    {
        await using var worker = await FakeWorker.StartAsync("one");
        await using var router = await StartAsync(worker);

        using var call = router.Transcription.DetectLanguage(cancellationToken: Token);
        await SendAsync(call.RequestStream, repeatsConfig);
        var error = await Should.ThrowAsync<RpcException>(call.ResponseAsync.Bounded());

        error.StatusCode.ShouldBe(repeatsConfig ? StatusCode.FailedPrecondition : StatusCode.ResourceExhausted, error.Message);
        await Bounds.UntilAsync(() => router.Spool is { OpenFiles: 0, BytesInUse: 0 });
    }

    // Less than the limit goes first, so that there is something to measure.
    private static async Task SendAsync(IClientStreamWriter<StreamTranscribeRequest> requests, bool repeatsConfig)
    {
        await requests.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
        var audio = new StreamTranscribeRequest { Audio = ByteString.CopyFrom(new byte[Limit - 1]) };
        await requests.WriteAsync(audio, Token);
        await requests.WriteAsync(repeatsConfig ? new StreamTranscribeRequest { Config = new TranscriptionConfig() } : audio, Token);
    }

    private static Task<RouterHost> StartAsync(FakeWorker worker) => RouterHost.StartAsync(
        new Dictionary<string, string?> { ["Router:MaxUploadBytes"] = Limit.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        services =>
        {
            Precede<ITranscriptionStage>(services, pipeline => new AfterUpload(pipeline));
            Precede<DetectionPipeline>(services, pipeline => new DetectionPipeline(new AfterUpload(new Detection(pipeline))));
        },
        worker.Lease);

    private static void Precede<T>(IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var own = services.Last(service => service.ServiceType == typeof(T)).ImplementationFactory!;
        services.AddSingleton(provider => wrap((T)own(provider)));
    }

    /// <summary>Holds a request back until its upload has ended, as a busy machine may.</summary>
    private sealed class AfterUpload(ITranscriptionStage next) : ITranscriptionStage
    {
        public async Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
        {
            await ((Task)job.Audio.WaitForHashAsync(cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await next.RunAsync(job, sink, cancellationToken);
        }
    }

    private sealed class Detection(DetectionPipeline pipeline) : ITranscriptionStage
    {
        public Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken) =>
            pipeline.RunAsync(job, cancellationToken);
    }
}
