using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Telemetry;

namespace WhisperMesh.Transcription.Requests;

/// <summary>Takes the configuration, admits the request and runs it beside its upload.</summary>
internal sealed class TranscriptionGrpcService(
    ConfigReader configReader, WorkerGate gate, TranscriptionRunner runner, LanguageListener listener, TranscriptionMetrics metrics)
    : TranscriptionService.TranscriptionServiceBase
{
    public override async Task StreamTranscribe(
        IAsyncStreamReader<StreamTranscribeRequest> requestStream,
        IServerStreamWriter<StreamTranscribeResponse> responseStream,
        ServerCallContext context)
    {
        try
        {
            var config = await ReadConfigAsync(requestStream, context.CancellationToken);
            var job = configReader.Read(config);
            using var ticket = gate.Admit(new WorkerCall(job.Model, config.RequestClass, context.Deadline));
            await runner.RunAsync(job, ticket, requestStream, responseStream, context.CancellationToken);
        }
        catch (Exception exception)
        {
            metrics.OnError(exception);
            throw;
        }
    }

    public override async Task<DetectLanguageResponse> DetectLanguage(
        IAsyncStreamReader<StreamTranscribeRequest> requestStream, ServerCallContext context)
    {
        try
        {
            var job = configReader.Read(await ReadConfigAsync(requestStream, context.CancellationToken));
            if (job.Request.Language is not null)
            {
                throw MeshException.InvalidArgument(
                    "language_code", "The language is what is to be found; language_codes say among which to look.");
            }

            using var ticket = gate.Admit();
            return await listener.RunAsync(job, ticket, requestStream, context.CancellationToken);
        }
        catch (Exception exception)
        {
            metrics.OnError(exception);
            throw;
        }
    }

    private static async Task<TranscriptionConfig> ReadConfigAsync(
        IAsyncStreamReader<StreamTranscribeRequest> requestStream, CancellationToken cancellationToken)
    {
        if (!await requestStream.MoveNext(cancellationToken))
        {
            throw MeshException.InvalidArgument("config", "The stream is empty; its first message must carry the configuration.");
        }

        return requestStream.Current.PayloadCase == StreamTranscribeRequest.PayloadOneofCase.Config
            ? requestStream.Current.Config
            : throw MeshException.FailedPrecondition(
                ErrorReasons.ConfigMissing, "The first message must carry the configuration.", "config");
    }
}
