using WhisperMesh.Router.Http;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.Router.Transcriptions.Formats;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions;

/// <summary>POST /v1/audio/transcriptions and /v1/audio/translations.</summary>
internal sealed class TranscriptionEndpoint(ITranscriptionStage pipeline, TranscriptionFormReader reader, AudioSpool spool, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context, TranscriptionTask task)
    {
        var cancellationToken = context.RequestAborted;
        var requestId = RouteHeaders.TakeRequestId(context);
        var origin = RequestOrigin.Of(context, requestId);
        using var audio = spool.Create();
        var fields = await reader.ReadAsync(context.Request, origin, task, audio, cancellationToken);
        audio.Complete();
        origin.Journey?.OnReceived();

        fields.Config.RequestId = requestId;
        var job = new TranscriptionJob
        {
            Config = fields.Config,
            Audio = audio,
            Origin = origin,
            Streams = fields.Stream,
            CompressedAudio = await AudioSniffer.IsWavAsync(audio, cancellationToken) ? CompressedAudio.None : CompressedAudio.Required,
        };
        await (fields.Stream ? StreamAsync(context, job, fields.TimestampGranularities) : ReplyAsync(context, job, fields));
    }

    private async Task ReplyAsync(HttpContext context, TranscriptionJob job, TranscriptionFields fields)
    {
        var collector = new TranscriptCollector(job.Config);
        await pipeline.RunAsync(job, collector, context.RequestAborted);

        using var response = RouterSpans.Start(TelemetryNames.Spans.Response);
        var transcript = collector.ToTranscript();
        var body = TranscriptFormatter.Format(transcript, fields.Format, fields.TimestampGranularities);
        RouteHeaders.SetRoute(context.Response, transcript.Summary.Route);
        RouteHeaders.SetWarnings(context.Response, transcript.Summary.Warnings);
        context.Response.ContentType = TranscriptFormatter.ContentType(fields.Format);
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
        response?.SetTag(TelemetryNames.Attributes.Bytes, body.Length);
    }

    private async Task StreamAsync(HttpContext context, TranscriptionJob job, TimestampGranularities granularities)
    {
        using var events = new ServerSentEvents(context.Response, time);
        var stream = new TranscriptEventStream(events, job.Config.TokenDetails, granularities);
        await events.RunAsync(token => pipeline.RunAsync(job, stream, token), context.RequestAborted);
    }
}
