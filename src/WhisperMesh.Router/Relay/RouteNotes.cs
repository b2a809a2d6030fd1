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

    /// <summary>The route, with what the way to the worker itself has noted.</summary>
    public static RouteTaken With(this RouteTaken route, RouteTaken? noted)
    {
        if (noted is not { Notes.Count: > 0 })
        {
            return route;
        }

        var both = route.Clone();
        both.Notes.AddRange(noted.Notes);
        return both;
    }
}

/// <summary>Adds the route to the events that carry one.</summary>
internal sealed class RoutedTranscript(IRelaySink<StreamTranscribeResponse> sink, RouteTaken route) : IRelaySink<StreamTranscribeResponse>
{
    public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        switch (message.EventCase)
        {
            case StreamTranscribeResponse.EventOneofCase.Started:
                message.Started.Route = route.With(message.Started.Route);
                break;
            case StreamTranscribeResponse.EventOneofCase.Summary:
                message.Summary.Route = route.With(message.Summary.Route);
                break;
        }

        return sink.AcceptAsync(message, cancellationToken);
    }

    public bool TryRestart() => sink.TryRestart();
}

/// <summary>The same for speech.</summary>
internal sealed class RoutedSpeech(IRelaySink<SynthesizeResponse> sink, RouteTaken route) : IRelaySink<SynthesizeResponse>
{
    public ValueTask AcceptAsync(SynthesizeResponse message, CancellationToken cancellationToken)
    {
        switch (message.EventCase)
        {
            case SynthesizeResponse.EventOneofCase.Started:
                message.Started.Route = route.With(message.Started.Route);
                break;
            case SynthesizeResponse.EventOneofCase.Summary:
                message.Summary.Route = route.With(message.Summary.Route);
                break;
        }

        return sink.AcceptAsync(message, cancellationToken);
    }

    public bool TryRestart() => sink.TryRestart();
}
