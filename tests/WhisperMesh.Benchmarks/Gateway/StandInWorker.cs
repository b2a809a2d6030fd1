using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WhisperMesh.ServiceDefaults;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Trust;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Benchmarks.Gateway;

/// <summary>
/// A worker without a model: it reads the audio and answers at once. What is measured is the way to it and back, which the tens of
/// milliseconds of a real model would drown.
/// </summary>
internal sealed class StandInWorker : IAsyncDisposable
{
    public const string Model = "stand-in";

    /// <summary>As a prompt: asks for as many segments as that much speech has.</summary>
    public const string WholeTranscript = "whole transcript";

    private readonly WebApplication _app;

    private StandInWorker(WebApplication app) => _app = app;

    public Uri Address => _app.Services.GetRequiredService<MeshAddresses>().Grpc;

    /// <summary>Lets who is no router call it all the same, with tokens as a router's.</summary>
    public HttpMessageHandler Admit(SocketsHttpHandler handler) =>
        _app.Services.GetRequiredService<MeshTrust>().Apply(handler, _app.Services.GetRequiredService<WorkerIdentity>().Id);

    /// <summary>When each piece of live audio arrived, by what it says of when it was sent.</summary>
    public ChannelReader<FrameArrival> Arrivals => _app.Services.GetRequiredService<StandInTranscription>().Arrivals;

    public static async Task<StandInWorker> StartAsync(string? redis, StandInPace pace, CancellationToken cancellationToken)
    {
        string[] settings =
        [
            "--Endpoints:HttpPort=0", "--Endpoints:GrpcPort=0", $"--Mesh:Secret={GatewaySetup.MeshSecret}",
            .. redis is null ? Array.Empty<string>() : [$"--ConnectionStrings:redis={redis}"],
        ];
        var builder = WebApplication.CreateBuilder(settings);
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults("whispermesh-stand-in");
        builder.AddMeshEndpoints();
        builder.AddWorkerLease("stand-in", _ => Capabilities(pace));
        builder.Services.AddSingleton(pace);
        builder.Services.AddSingleton<StandInTranscription>();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<StandInTranscription>();
        app.MapGrpcService<WorkerGrpcService>();
        await MeshHost.StartAsync(app, cancellationToken);
        return new StandInWorker(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WorkerCapabilities Capabilities(StandInPace pace) => new()
    {
        ConcurrentRequestLimit = pace.Places,
        QueueLimit = pace.Places,
        CompressedAudio = true,
        Version = "stand-in",
        Models =
        {
            new WorkerModel
            {
                Model = new Model
                {
                    Id = Model, Kind = ModelKind.Transcription, Aliases = { "whisper-1" }, LanguageCodes = { "en" }, Revision = "1",
                },
                IsDefault = true,
                Features = { "transcribe", "word-timestamps", "language-detection" },
            },
        },
    };
}

/// <summary>A piece of live audio: when it left the client and when it reached the worker, as timestamps of one clock.</summary>
internal readonly record struct FrameArrival(int Stream, long Sent, long Arrived);

/// <summary>How much a stand-in does.</summary>
/// <param name="Places">Requests that it works on at once; more wait.</param>
/// <param name="ServiceTime">How long one takes, whatever else it does.</param>
internal sealed record StandInPace(int Places, TimeSpan ServiceTime)
{
    /// <summary>Answers at once, whoever asks.</summary>
    public static readonly StandInPace AtOnce = new(1000, TimeSpan.Zero);
}

internal sealed class StandInTranscription(StandInPace pace) : TranscriptionService.TranscriptionServiceBase
{
    private readonly Channel<FrameArrival> _arrivals = Channel.CreateUnbounded<FrameArrival>();

    private readonly SemaphoreSlim _places = new(pace.Places);

    public ChannelReader<FrameArrival> Arrivals => _arrivals.Reader;

    public override async Task StreamTranscribe(
        IAsyncStreamReader<StreamTranscribeRequest> requestStream,
        IServerStreamWriter<StreamTranscribeResponse> responseStream,
        ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        var config = requestStream.Current.Config;
        await responseStream.WriteAsync(
            new StreamTranscribeResponse
            {
                Started = new TranscriptionStarted { RequestId = config.RequestId, WorkerId = "stand-in", Model = StandInWorker.Model },
            },
            context.CancellationToken);
        var bytes = 0L;
        var live = config.RequestClass == RequestClass.Live;
        var frames = new FrameReader(_arrivals.Writer);
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            bytes += requestStream.Current.Audio.Length;
            if (live)
            {
                frames.Read(requestStream.Current.Audio.Span);
            }
        }

        await WorkAsync(context.CancellationToken);
        for (var i = 0; i < SegmentCount(config, bytes); i++)
        {
            await responseStream.WriteAsync(Segment(bytes), context.CancellationToken);
        }

        await responseStream.WriteAsync(Summary(config, bytes), context.CancellationToken);
    }

    // As many as speech has, one for five seconds, where the prompt asks for a whole transcript.
    private static int SegmentCount(TranscriptionConfig config, long bytes) =>
        config.Prompt == StandInWorker.WholeTranscript ? (int)Math.Max(1, Length(bytes).Seconds / 5) : 1;

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (pace.ServiceTime > TimeSpan.Zero)
        {
            await _places.WaitAsync(cancellationToken);
            try
            {
                await Task.Delay(pace.ServiceTime, cancellationToken);
            }
            finally
            {
                _places.Release();
            }
        }
    }

    private static StreamTranscribeResponse Segment(long bytes) => new()
    {
        Segment = new TranscriptSegment
        {
            Tokens = { Enumerable.Range(1000, 15) },
            TokenLogProbabilities = { Enumerable.Range(1, 15).Select(i => -i / 16f) },
            StartOffset = Duration.FromTimeSpan(TimeSpan.Zero),
            SegmentDuration = Length(bytes),
            Text = "Please say in a few words how we can help you today.",
            LanguageCode = "en",
            Confidence = 0.9f,
            AverageLogProbability = -0.1f,
            Verdict = SegmentVerdict.Ok,
        },
    };

    private static StreamTranscribeResponse Summary(TranscriptionConfig config, long bytes) => new()
    {
        Summary = new TranscriptionSummary
        {
            RequestId = config.RequestId,
            Attempt = config.Attempt,
            WorkerId = "stand-in",
            Model = StandInWorker.Model,
            AudioDuration = Length(bytes),
            SpeechDuration = Length(bytes),
            LanguageCode = "en",
            SegmentCount = 1,
        },
    };

    // 16 kHz, 16 bit.
    private static Duration Length(long bytes) => Duration.FromTimeSpan(TimeSpan.FromSeconds(bytes / 32_000.0));
}
