using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using WhisperMesh.Requests.V1;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Tests.FakeMesh;

/// <summary>What the fake answers, and what it has seen.</summary>
internal sealed class FakeMeshScript
{
    internal FakeMeshScript() => Live = LiveRouter.ServeAsync;

    /// <summary>Answers a transcription: reads from the first stream, writes to the second.</summary>
    internal Func<IAsyncStreamReader<StreamTranscribeRequest>, IServerStreamWriter<StreamTranscribeResponse>, ServerCallContext, Task> Transcribe
    {
        get;
        set;
    } = (_, _, _) => throw new RpcException(new Grpc.Core.Status(StatusCode.Unimplemented, "not scripted"));

    /// <summary>Answers a synthesis.</summary>
    internal Func<SynthesizeRequest, IServerStreamWriter<SynthesizeResponse>, ServerCallContext, Task> Synthesize
    {
        get;
        set;
    } = (_, _, _) => throw new RpcException(new Grpc.Core.Status(StatusCode.Unimplemented, "not scripted"));

    /// <summary>Answers a detection.</summary>
    internal Func<IAsyncStreamReader<StreamTranscribeRequest>, ServerCallContext, Task<DetectLanguageResponse>> Detect { get; set; } =
        (_, _) => throw new RpcException(new Grpc.Core.Status(StatusCode.Unimplemented, "not scripted"));

    /// <summary>Answers a live stream; without another, as <see cref="LiveRouter"/> does.</summary>
    internal Func<IAsyncStreamReader<StreamLiveRequest>, IServerStreamWriter<StreamLiveResponse>, ServerCallContext, Task> Live { get; set; }

    internal FakeLiveRouter LiveRouter { get; } = new();

    internal List<Model> Models { get; } = [];

    /// <summary>Requests of which something is known.</summary>
    internal List<RequestRecord> Records { get; } = [];

    internal bool Serving { get; set; } = true;

    /// <summary>Configurations of the transcriptions so far.</summary>
    internal ConcurrentQueue<TranscriptionConfig> Configs { get; } = new();

    /// <summary>Values of the <c>traceparent</c> header so far.</summary>
    internal ConcurrentQueue<string?> TraceParents { get; } = new();

    /// <summary>Lets each transcription read its audio to the end, then answer with one segment for each text.</summary>
    internal void AnswerWith(params string[] texts) => Transcribe = async (requests, responses, context) =>
    {
        var bytes = 0L;
        await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
        {
            if (request.Config is { } config)
            {
                Configs.Enqueue(config);
            }

            bytes += request.Audio?.Length ?? 0;
        }

        var second = Duration.FromTimeSpan(TimeSpan.FromSeconds(1));
        await responses.WriteAsync(new() { Started = new() { RequestId = "r1", WorkerId = "w1", Model = "whisper-base" } });
        for (var i = 0; i < texts.Length; i++)
        {
            await responses.WriteAsync(new()
            {
                Segment = new()
                {
                    Index = i,
                    StartOffset = Duration.FromTimeSpan(TimeSpan.FromSeconds(i)),
                    SegmentDuration = second,
                    Text = texts[i],
                    LanguageCode = "en",
                    Confidence = 0.5f,
                },
            });
            await responses.WriteAsync(new()
            {
                Progress = new()
                {
                    AudioReceived = Duration.FromTimeSpan(TimeSpan.FromSeconds(texts.Length)),
                    AudioProcessed = Duration.FromTimeSpan(TimeSpan.FromSeconds(i + 1)),
                },
            });
        }

        await responses.WriteAsync(new()
        {
            Summary = new()
            {
                RequestId = "r1",
                WorkerId = "w1",
                Model = "whisper-base",
                LanguageCode = "en",
                SegmentCount = texts.Length,
                AudioDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(texts.Length)),
                Warnings = { bytes == 0 ? ["No audio came."] : Array.Empty<string>() },
            },
        });
    };

    /// <summary>Lets each detection answer with these languages as soon as the configuration is there.</summary>
    internal void HearLanguages(params LanguageProbability[] languages) => Detect = async (requests, context) =>
    {
        await requests.MoveNext(context.CancellationToken);
        Configs.Enqueue(requests.Current.Config);
        return new DetectLanguageResponse
        {
            Languages = { languages },
            SpeechDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(2.5)),
            Model = "whisper-base",
        };
    };

    /// <summary>Lets each transcription fail without reading its audio.</summary>
    internal void RefuseWith(Exception exception) => Transcribe = (_, _, _) => Task.FromException(exception);

    /// <summary>An error with the details that the mesh sends.</summary>
    internal static RpcException Error(StatusCode status, string reason, string message, string? field = null, TimeSpan? retryAfter = null)
    {
        var details = new Google.Rpc.Status { Code = (int)status, Message = message };
        details.Details.Add(Any.Pack(new ErrorInfo { Reason = reason, Domain = "whispermesh" }));
        if (field is not null)
        {
            var violation = new BadRequest.Types.FieldViolation { Field = field, Description = message };
            details.Details.Add(Any.Pack(new BadRequest { FieldViolations = { violation } }));
        }

        if (retryAfter is { } delay)
        {
            details.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        }

        return details.ToRpcException();
    }
}
