using System.Runtime.ExceptionServices;
using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Languages;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Grpc;

/// <summary>Transcription for gRPC clients.</summary>
internal sealed class TranscriptionGrpcService(
    ITranscriptionStage pipeline, DetectionPipeline detection, AudioSpool spool, IOptions<RouterOptions> options)
    : TranscriptionService.TranscriptionServiceBase
{
    [Explained(Operations.Transcribe)]
    public override async Task StreamTranscribe(
        IAsyncStreamReader<StreamTranscribeRequest> requestStream,
        IServerStreamWriter<StreamTranscribeResponse> responseStream,
        ServerCallContext context)
    {
        var config = await ReadConfigAsync(requestStream, context);
        await context.WriteResponseHeadersAsync(new Metadata { { RequestIds.HeaderName, config.RequestId } });

        await SpooledAsync(requestStream, config, context, streams: true, async job =>
        {
            var client = new ResumingTranscript((message, token) => new ValueTask(responseStream.WriteAsync(message, token)));
            await pipeline.RunAsync(job, client, context.CancellationToken);
            return true;
        });
    }

    [Explained(Operations.Detect)]
    public override async Task<DetectLanguageResponse> DetectLanguage(
        IAsyncStreamReader<StreamTranscribeRequest> requestStream, ServerCallContext context)
    {
        var config = await ReadConfigAsync(requestStream, context);
        if (config.LanguageCode.Length > 0)
        {
            throw MeshException.InvalidArgument(
                "language_code", "The language is what is to be found; language_codes say among which to look.");
        }

        await context.WriteResponseHeadersAsync(new Metadata { { RequestIds.HeaderName, config.RequestId } });
        return await SpooledAsync(
            requestStream, config, context, streams: false, job => detection.RunAsync(job, context.CancellationToken));
    }

    /// <summary>Does work with an upload while it comes in. Each stage may be the first to hear that it failed; the client is told why.</summary>
    private async Task<T> SpooledAsync<T>(
        IAsyncStreamReader<StreamTranscribeRequest> requests,
        TranscriptionConfig config,
        ServerCallContext context,
        bool streams,
        Func<TranscriptionJob, Task<T>> workAsync)
    {
        using var audio = spool.Create();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var origin = RequestOrigin.Of(context.GetHttpContext(), config.RequestId, context.ClientDeadline());
        var upload = SpoolAsync(requests, audio, origin, end.Token);
        try
        {
            return await workAsync(new TranscriptionJob { Config = config, Audio = audio, Origin = origin, Streams = streams });
        }
        catch (SpoolFailedException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
        finally
        {
            await end.CancelAsync();
            await upload;
        }
    }

    private async Task<TranscriptionConfig> ReadConfigAsync(
        IAsyncStreamReader<StreamTranscribeRequest> requests, ServerCallContext context)
    {
        if (!await requests.MoveNext(context.CancellationToken)
            || requests.Current.PayloadCase != StreamTranscribeRequest.PayloadOneofCase.Config)
        {
            throw MeshException.FailedPrecondition(ErrorReasons.ConfigMissing, "The first message must carry `config`.");
        }

        var config = requests.Current.Config;
        config.RequestId = RequestChecks.RequestId(config.RequestId, context.GetHttpContext());
        TranscriptionChecks.Check(config, options.Value);
        return config;
    }

    /// <summary>Writes the upload down. Never throws: a failure goes to the readers of the file.</summary>
    private static async Task SpoolAsync(
        IAsyncStreamReader<StreamTranscribeRequest> requests, SpoolFile audio, RequestOrigin origin, CancellationToken cancellationToken)
    {
        // Goes on beside the rest.
        using var accept = RouterSpans.Start(TelemetryNames.Spans.Accept);
        try
        {
            while (await requests.MoveNext(cancellationToken))
            {
                if (requests.Current.PayloadCase != StreamTranscribeRequest.PayloadOneofCase.Audio)
                {
                    throw requests.Current.PayloadCase == StreamTranscribeRequest.PayloadOneofCase.Config
                        ? MeshException.FailedPrecondition(ErrorReasons.ConfigRepeated, "`config` may be sent once only.")
                        : MeshException.InvalidArgument("payload", "A message after the first must carry `audio`.");
                }

                await audio.AppendAsync(requests.Current.Audio.Memory, cancellationToken);
            }

            audio.Complete();
            origin.Journey?.OnReceived();
            accept?.SetTag(TelemetryNames.Attributes.Bytes, audio.Length);
        }
        catch (IOException e)
        {
            // The client has reset its stream, which the call's token may learn later than whoever reads it.
            audio.Fail(new OperationCanceledException("The client is gone.", e));
        }
        catch (Exception e)
        {
            audio.Fail(e);
        }
    }
}
