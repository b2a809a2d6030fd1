using WhisperMesh.Router.Http;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Transcriptions;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Languages;

/// <summary>POST /v1/audio/languages: which language a file is in.</summary>
internal sealed class LanguagesEndpoint(DetectionPipeline pipeline, TranscriptionFormReader reader, AudioSpool spool)
{
    /// <summary>Fields that it takes beside the file.</summary>
    public static IReadOnlySet<string> Fields { get; } = new HashSet<string> { "model", "languages", "request_class" };

    public async Task HandleAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        var requestId = RouteHeaders.TakeRequestId(context);
        var origin = RequestOrigin.Of(context, requestId);
        using var audio = spool.Create();
        var fields = await reader.ReadAsync(context.Request, origin, TranscriptionTask.Transcribe, audio, cancellationToken, Fields);
        audio.Complete();
        origin.Journey?.OnReceived();

        fields.Config.RequestId = requestId;
        var job = new TranscriptionJob
        {
            Config = fields.Config,
            Audio = audio,
            Origin = origin,
            CompressedAudio = await AudioSniffer.IsWavAsync(audio, cancellationToken) ? CompressedAudio.None : CompressedAudio.Required,
        };
        var response = await pipeline.RunAsync(job, cancellationToken);
        context.Response.Headers[RouteHeaders.Worker] = response.WorkerId;
        context.Response.Headers[RouteHeaders.Model] = response.Model;
        await context.Response.WriteAsJsonAsync(LanguagesReply.Of(response), ApiJson.Readable.LanguagesReply, cancellationToken: cancellationToken);
    }
}
