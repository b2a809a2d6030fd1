using WhisperMesh.Router.Explain.Taking;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>Says in a reply how it came about.</summary>
internal static class RouteNotes
{
    public static RouteTaken Of(RoutePlan plan, WorkerHold worker, int attempt) => new()
    {
        Name = plan.Name,
        WorkerId = worker.WorkerId,
        Model = worker.Model,
        Reason = worker.Reason,
        AttemptCount = attempt,
        External = worker.External,
    };
}

/// <summary>Adds the route to the events that carry one.</summary>
internal sealed class RoutedTranscript(IRelaySink<StreamTranscribeResponse> sink, RouteTaken route, JourneyAttempt? noted = null)
    : IRelaySink<StreamTranscribeResponse>
{
    /// <summary>Length of the audio, known with the summary.</summary>
    public TimeSpan Audio { get; private set; }

    public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        switch (message.EventCase)
        {
            case StreamTranscribeResponse.EventOneofCase.Started:
                message.Started.Route = route;
                break;
            case StreamTranscribeResponse.EventOneofCase.Summary:
                message.Summary.Route = route;
                noted?.Take(message.Summary);
                Audio = message.Summary.AudioDuration?.ToTimeSpan() ?? TimeSpan.Zero;
                break;
        }

        return sink.AcceptAsync(message, cancellationToken);
    }

    public bool TryRestart() => sink.TryRestart();
}

/// <summary>The same for speech.</summary>
internal sealed class RoutedSpeech(IRelaySink<SynthesizeResponse> sink, RouteTaken route, string voice) : IRelaySink<SynthesizeResponse>
{
    /// <summary>Length of the audio, known with the summary.</summary>
    public TimeSpan Audio { get; private set; }

    public ValueTask AcceptAsync(SynthesizeResponse message, CancellationToken cancellationToken)
    {
        switch (message.EventCase)
        {
            case SynthesizeResponse.EventOneofCase.Started:
                if (voice.Length > 0 && message.Started.Voice is { Length: > 0 } speaking && speaking != voice)
                {
                    route.Notes.Add($"The voice '{voice}' is not there; '{speaking}' speaks in its place.");
                }

                message.Started.Route = route;
                break;
            case SynthesizeResponse.EventOneofCase.Summary:
                message.Summary.Route = route;
                Audio = message.Summary.AudioDuration?.ToTimeSpan() ?? TimeSpan.Zero;
                break;
        }

        return sink.AcceptAsync(message, cancellationToken);
    }

    public bool TryRestart() => sink.TryRestart();
}
