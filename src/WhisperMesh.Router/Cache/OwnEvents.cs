using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Router.Cache.Flights;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>Makes the events of a flight those of one request: its id, its route's name, its times, and nothing that it did not ask for.</summary>
/// <param name="request">The request.</param>
/// <param name="flight">Where the events come from.</param>
/// <param name="leads">Whether the flight was made for this request.</param>
/// <param name="time">Measures how long it took.</param>
internal sealed class OwnEvents(CachedRequest request, Flight flight, bool leads, TimeProvider time)
{
    private readonly long _begin = time.GetTimestamp();
    private readonly bool _late = !leads && flight.Log.HasEnded;

    /// <summary>How the request was served; known with the first event.</summary>
    public CacheResult Result =>
        leads ? flight.Source
        : _late || flight.Source == CacheResult.Hit ? CacheResult.Hit
        : CacheResult.Shared;

    public void Make(StreamTranscribeResponse message)
    {
        switch (message.EventCase)
        {
            case StreamTranscribeResponse.EventOneofCase.Started:
                message.Started.RequestId = request.Job.Origin.RequestId;
                Mark(message.Started.Route ??= new RouteTaken());
                break;
            case StreamTranscribeResponse.EventOneofCase.Segment:
                request.Detail.Trim(message.Segment);
                break;
            case StreamTranscribeResponse.EventOneofCase.Summary:
                Mark(message.Summary);
                break;
        }
    }

    private void Mark(TranscriptionSummary summary)
    {
        summary.RequestId = request.Job.Origin.RequestId;
        var route = summary.Route ??= new RouteTaken();
        Mark(route);
        if (summary.Reused && Result == CacheResult.Miss)
        {
            route.Cache = CacheResult.Hit;
            route.Notes.Add("The worker had heard the same audio before, in another file.");
        }

        if (leads && Result is CacheResult.Miss or CacheResult.Unspecified)
        {
            return;
        }

        // What another request waited for is no business of this one.
        summary.Attempt = 1;
        summary.Work = null;
        summary.Timings = new TranscriptionTimings { Total = time.GetElapsedTime(_begin).ToDuration() };
    }

    private void Mark(RouteTaken route)
    {
        route.Cache = Result;
        route.Name = request.Job.Plan.Name;
        if (Result != CacheResult.Hit)
        {
            return;
        }

        if (route.External)
        {
            route.Notes.Add($"The result was made by {route.WorkerId} for an earlier request.");
        }

        route.External = false;
        route.Reason = "cache";
        route.AttemptCount = 0;
    }
}
