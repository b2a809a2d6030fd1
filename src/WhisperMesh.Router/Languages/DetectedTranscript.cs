using WhisperMesh.Router.Relay;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Languages;

/// <summary>Adds to the route what language the worker was chosen by.</summary>
internal sealed class DetectedTranscript(IRelaySink<StreamTranscribeResponse> sink, LanguageFinding finding)
    : IRelaySink<StreamTranscribeResponse>
{
    public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        switch (message.EventCase)
        {
            case StreamTranscribeResponse.EventOneofCase.Started:
                message.Started.Route = With(message.Started.Route);
                break;
            case StreamTranscribeResponse.EventOneofCase.Summary:
                message.Summary.Route = With(message.Summary.Route);
                break;
        }

        return sink.AcceptAsync(message, cancellationToken);
    }

    public bool TryRestart() => sink.TryRestart();

    // A copy: both events may carry the same one.
    private RouteTaken With(RouteTaken? taken)
    {
        var route = taken?.Clone() ?? new RouteTaken();
        route.Languages.Add(finding.Languages);
        if (finding.Reason is { } reason)
        {
            route.Reason = route.Reason.Length == 0 ? reason : $"{reason}, {route.Reason}";
        }

        if (finding.Note is { } note)
        {
            route.Notes.Add(note);
        }

        return route;
    }
}
