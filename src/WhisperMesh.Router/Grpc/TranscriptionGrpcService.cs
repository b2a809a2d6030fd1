using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Languages;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Spool;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Grpc;

/// <summary>Transcription for gRPC clients.</summary>
internal sealed class TranscriptionGrpcService(
    ITranscriptionStage pipeline, DetectionPipeline detection, AudioSpool spool, IOptions<RouterOptions> options)
    : TranscriptionService.TranscriptionServiceBase
{
    public override async Task StreamTranscribe(
        IAsyncStreamReader<StreamTranscribeRequest> requestStream,
        IServerStreamWriter<StreamTranscribeResponse> responseStream,
        ServerCallContext context)
    {
        var config = await ReadConfigAsync(requestStream, context.CancellationToken);
        await context.WriteResponseHeadersAsync(new Metadata { { RequestIds.HeaderName, config.RequestId } });

        using var audio = spool.Create();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var upload = SpoolAsync(requestStream, audio, end.Token);
        var origin = RequestOrigin.Of(context.GetHttpContext(), config.RequestId, context.ClientDeadline());
        var job = new TranscriptionJob { Config = config, Audio = audio, Origin = origin, Streams = true };
        try
        {
            var client = new ResumingTranscript((message, token) => new ValueTask(responseStream.WriteAsync(message, token)));
            await pipeline.RunAsync(job, client, context.CancellationToken);
        }
        finally
        {
            await end.CancelAsync();
            await upload;
        }
    }

    public override async Task<DetectLanguageResponse> DetectLanguage(
        IAsyncStreamReader<StreamTranscribeRequest> requestStream, ServerCallContext context)
    {
        var config = await ReadConfigAsync(requestStream, context.CancellationToken);
        if (config.LanguageCode.Length > 0)
        {
            throw MeshException.InvalidArgument(
                "language_code", "The language is what is to be found; language_codes say among which to look.");
        }

        await context.WriteResponseHeadersAsync(new Metadata { { RequestIds.HeaderName, config.RequestId } });
        using var audio = spool.Create();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var upload = SpoolAsync(requestStream, audio, end.Token);
        var origin = RequestOrigin.Of(context.GetHttpContext(), config.RequestId, context.ClientDeadline());
        try
        {
            var job = new TranscriptionJob { Config = config, Audio = audio, Origin = origin };
            return await detection.RunAsync(job, context.CancellationToken);
        }
        finally
        {
            await end.CancelAsync();
            await upload;
        }
    }

    private async Task<TranscriptionConfig> ReadConfigAsync(
        IAsyncStreamReader<StreamTranscribeRequest> requests, CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken)
            || requests.Current.PayloadCase != StreamTranscribeRequest.PayloadOneofCase.Config)
        {
            throw MeshException.FailedPrecondition(ErrorReasons.ConfigMissing, "The first message must carry `config`.");
        }

        var config = requests.Current.Config;
        config.RequestId = RequestChecks.RequestId(config.RequestId);
        TranscriptionChecks.Check(config, options.Value);
        return config;
    }

    /// <summary>Writes the upload down. Never throws: a failure goes to the readers of the file.</summary>
    private static async Task SpoolAsync(
        IAsyncStreamReader<StreamTranscribeRequest> requests, SpoolFile audio, CancellationToken cancellationToken)
    {
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
        }
        catch (Exception e)
        {
            audio.Fail(e);
        }
    }
}
