using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Live;

/// <summary>Takes the configuration, admits the stream and runs it.</summary>
internal sealed class LiveGrpcService(LiveConfigReader configReader, LiveGate gate, LiveRunner runner)
    : LiveTranscriptionService.LiveTranscriptionServiceBase
{
    public override async Task StreamLive(
        IAsyncStreamReader<StreamLiveRequest> requestStream,
        IServerStreamWriter<StreamLiveResponse> responseStream,
        ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken))
        {
            throw MeshException.InvalidArgument("config", "The stream is empty; its first message must carry the configuration.");
        }

        if (requestStream.Current.PayloadCase != StreamLiveRequest.PayloadOneofCase.Config)
        {
            throw MeshException.FailedPrecondition(
                ErrorReasons.ConfigMissing, "The first message must carry the configuration.", "config");
        }

        var job = configReader.Read(requestStream.Current.Config);
        using var ticket = gate.Admit();
        await runner.RunAsync(job, ticket, requestStream, responseStream, context.CancellationToken);
    }
}
