using WhisperMesh.Router.Http;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Requests;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Speech;

/// <summary>POST /v1/audio/speech.</summary>
internal sealed class SpeechEndpoint(ISynthesisStage pipeline, SpeechRequestReader reader, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var requestId = RouteHeaders.TakeRequestId(context);
        var origin = RequestOrigin.Of(context, requestId);
        var request = await reader.ReadAsync(context.Request, context.RequestAborted);
        origin.Journey?.OnReceived();
        request.Synthesis.RequestId = requestId;
        var job = new SynthesisJob { Request = request.Synthesis, Origin = origin };
        if (request.AsEvents)
        {
            using var events = new ServerSentEvents(context.Response, time);
            await events.RunAsync(
                token => RelayAsync(job, (message, sendToken) => SendEventAsync(events, message, sendToken), token),
                context.RequestAborted);
        }
        else
        {
            await RelayAsync(
                job, (message, token) => SendAudioAsync(context, request.Format, message, token), context.RequestAborted);
        }
    }

    private Task RelayAsync(
        SynthesisJob job, Func<SynthesizeResponse, CancellationToken, ValueTask> send, CancellationToken cancellationToken) =>
        pipeline.RunAsync(job, new SynthesisStream(send), cancellationToken);

    private static void SetHeaders(HttpResponse response, RouteTaken? route)
    {
        RouteHeaders.SetRoute(response, route);
        RouteHeaders.SetWarnings(response, route?.Notes ?? []);
    }

    private static async ValueTask SendAudioAsync(
        HttpContext context, SpeechFormat format, SynthesizeResponse message, CancellationToken cancellationToken)
    {
        switch (message.EventCase)
        {
            case SynthesizeResponse.EventOneofCase.Started:
                SetHeaders(context.Response, message.Started.Route);
                context.Response.ContentType = format.ContentType;
                break;
            case SynthesizeResponse.EventOneofCase.Audio:
                // Flushed at once: the next sentence may take a while, and the listener hears this one meanwhile.
                await context.Response.Body.WriteAsync(message.Audio.Memory, cancellationToken);
                await context.Response.Body.FlushAsync(cancellationToken);
                break;
        }
    }

    private static async ValueTask SendEventAsync(
        ServerSentEvents events, SynthesizeResponse message, CancellationToken cancellationToken)
    {
        switch (message.EventCase)
        {
            case SynthesizeResponse.EventOneofCase.Started:
                await events.PrepareAsync(response => SetHeaders(response, message.Started.Route), cancellationToken);
                break;
            case SynthesizeResponse.EventOneofCase.Audio:
                await events.SendAsync(SpeechDelta.Of(message.Audio.Span), ApiJson.Readable.SpeechDelta, cancellationToken);
                break;
            case SynthesizeResponse.EventOneofCase.Summary:
                var seconds = message.Summary.AudioDuration?.ToTimeSpan().TotalSeconds ?? 0;
                await events.SendAsync(SpeechDone.Of(seconds), ApiJson.Readable.SpeechDone, cancellationToken);
                break;
        }
    }
}
