using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>A worker on a real port that does what a test tells it: answer, be full, hang, or die with its connections.</summary>
internal sealed class FakeWorker : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConnectionContext> _connections;

    private FakeWorker(string id, WebApplication app, ConcurrentDictionary<string, ConnectionContext> connections)
    {
        (Id, _app, _connections) = (id, app, connections);
    }

    public string Id { get; }

    public FakeSpeech Speech => _app.Services.GetRequiredService<FakeSpeech>();

    /// <summary>What it does with live streams.</summary>
    public FakeLive Live => _app.Services.GetRequiredService<FakeLive>();

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public WorkerLease Lease => Leases.Transcription(Id, Address);

    /// <summary>A lease of a worker that takes live streams as well.</summary>
    public WorkerLease LiveLease => Leases.Live(Id, Address);

    public WorkerLease SynthesisLease => Leases.Synthesis(Id, Address);

    public static async Task<FakeWorker> StartAsync(string id)
    {
        var connections = new ConcurrentDictionary<string, ConnectionContext>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(options => options.Interceptors.Add<ErrorInterceptor>());
        builder.Services.AddSingleton(new FakeSpeech(id));
        builder.Services.AddSingleton(new FakeLive(id));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => async connection =>
            {
                connections[connection.ConnectionId] = connection;
                await next(connection);
                connections.TryRemove(connection.ConnectionId, out _);
            });
        }));

        var app = builder.Build();
        app.MapGrpcService<FakeTranscription>();
        app.MapGrpcService<FakeSynthesis>();
        app.MapGrpcService<FakeLiveTranscription>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        var worker = new FakeWorker(id, app, connections);
        return worker;
    }

    /// <summary>What a client sees of <c>kill -9</c>: every connection breaks at once.</summary>
    public void Die()
    {
        foreach (var connection in _connections.Values)
        {
            connection.Abort(new ConnectionAbortedException("The test kills this worker."));
        }
    }

    /// <summary>Dies once what was written has left, then waits for the broken call.</summary>
    public async Task DieAfterFlushAsync(ServerCallContext context)
    {
        // Frames that a killed process had sent arrive; give Kestrel's writer its turn before the connection breaks.
        await context.GetHttpContext().Response.BodyWriter.FlushAsync(context.CancellationToken);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = context.CancellationToken.Register(() => cancelled.TrySetResult());
        Die();
        await cancelled.Task;
    }

    /// <summary>Stops listening, so that connections are refused.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        Die();
        return _app.DisposeAsync();
    }
}

/// <summary>What the worker does, and what it was asked.</summary>
internal sealed class FakeSpeech(string workerId)
{
    public string WorkerId { get; } = workerId;

    public ConcurrentQueue<TranscriptionConfig> Configs { get; } = [];

    public ConcurrentQueue<SynthesizeRequest> Syntheses { get; } = [];

    /// <summary>Runs in place of the standard transcription when set.</summary>
    public Func<FakeCall, Task>? OnTranscribe { get; set; }

    /// <summary>What detection was asked.</summary>
    public ConcurrentQueue<TranscriptionConfig> Detections { get; } = [];

    /// <summary>Answers a detection when set; else it says that no speech was heard.</summary>
    public Func<FakeCall, Task<DetectLanguageResponse>>? OnDetect { get; set; }

    /// <summary>Has detection hear this language.</summary>
    public void Hears(string language, float probability) => OnDetect = _ => Task.FromResult(new DetectLanguageResponse
    {
        Languages =
        {
            new LanguageProbability { LanguageCode = language, Probability = probability },
            new LanguageProbability { LanguageCode = "xx", Probability = 1 - probability },
        },
        SpeechDuration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(2.5)),
        WorkerId = WorkerId,
        Model = "whisper-base",
    });

    /// <summary>Runs in place of the standard synthesis when set.</summary>
    public Func<SynthesizeRequest, IServerStreamWriter<SynthesizeResponse>, ServerCallContext, Task>? OnSynthesize { get; set; }

    /// <summary>Set when a call was cancelled from outside.</summary>
    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>One transcription at a fake worker.</summary>
internal sealed record FakeCall(
    FakeSpeech Speech,
    TranscriptionConfig Config,
    IAsyncStreamReader<StreamTranscribeRequest> Requests,
    IServerStreamWriter<StreamTranscribeResponse> Responses,
    ServerCallContext Context)
{
    /// <summary>Reads the whole upload and says how long it was.</summary>
    public async Task<long> ReadAllAsync()
    {
        var length = 0L;
        while (await Requests.MoveNext(Context.CancellationToken))
        {
            length += Requests.Current.Audio.Length;
        }

        return length;
    }

    public Task StartedAsync() => Responses.WriteAsync(Events.Started(Config.RequestId, Speech.WorkerId), Context.CancellationToken);

    public Task SegmentAsync(int index, double start, double duration, string text) =>
        Responses.WriteAsync(Events.Segment(index, start, duration, text), Context.CancellationToken);

    public Task SummaryAsync(double seconds = 2.5) =>
        Responses.WriteAsync(Events.Summary(Config, Speech.WorkerId, seconds), Context.CancellationToken);

    /// <summary>Waits until the call is cancelled from outside.</summary>
    public async Task HangAsync()
    {
        using var registration = Context.CancellationToken.Register(() => Speech.Cancelled.TrySetResult());
        await Speech.Cancelled.Task;
        Context.CancellationToken.ThrowIfCancellationRequested();
    }
}

internal sealed class FakeTranscription(FakeSpeech speech) : TranscriptionService.TranscriptionServiceBase
{
    public override async Task StreamTranscribe(
        IAsyncStreamReader<StreamTranscribeRequest> requestStream,
        IServerStreamWriter<StreamTranscribeResponse> responseStream,
        ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        var config = requestStream.Current.Config;
        speech.Configs.Enqueue(config);
        var call = new FakeCall(speech, config, requestStream, responseStream, context);
        if (speech.OnTranscribe is { } behave)
        {
            await behave(call);
            return;
        }

        await call.StartedAsync();
        var length = await call.ReadAllAsync();
        await call.SegmentAsync(0, 0, 1.5, $"{length} bytes");
        await call.SegmentAsync(1, 1.5, 1, "by " + speech.WorkerId);
        await call.SummaryAsync();
    }

    public override async Task<DetectLanguageResponse> DetectLanguage(
        IAsyncStreamReader<StreamTranscribeRequest> requestStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        var config = requestStream.Current.Config;
        speech.Detections.Enqueue(config);
        return speech.OnDetect is { } detect
            ? await detect(new FakeCall(speech, config, requestStream, null!, context))
            : new DetectLanguageResponse { WorkerId = speech.WorkerId, Model = config.Model };
    }
}

internal sealed class FakeSynthesis(FakeSpeech speech) : SynthesisService.SynthesisServiceBase
{
    public override async Task Synthesize(
        SynthesizeRequest request, IServerStreamWriter<SynthesizeResponse> responseStream, ServerCallContext context)
    {
        speech.Syntheses.Enqueue(request);
        if (speech.OnSynthesize is { } behave)
        {
            await behave(request, responseStream, context);
            return;
        }

        await responseStream.WriteAsync(Events.SynthesisStarted(request, speech.WorkerId), context.CancellationToken);
        await responseStream.WriteAsync(Events.Audio("first "), context.CancellationToken);
        await responseStream.WriteAsync(Events.Audio("second"), context.CancellationToken);
        await responseStream.WriteAsync(Events.SynthesisSummary(request, speech.WorkerId), context.CancellationToken);
    }
}
