using WhisperMesh.Router.Explain.Storing;
using WhisperMesh.Router.Live;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Explain;

/// <summary>Notes how live sessions fare.</summary>
internal sealed class LiveJourneys(Journeys journeys) : ILiveObserver
{
    public void OnStarted(LiveSessionInfo session)
    {
        // Its first event tells the same.
    }

    public void OnEvent(LiveSessionInfo session, StreamLiveResponse message)
    {
        if (journeys.TryFind(session.TenantId, session.Id, out var journey))
        {
            journey.OnLiveEvent(session, message);
        }
    }

    public void OnEnded(LiveSessionInfo session)
    {
        // Whoever relays it knows why, and says so.
    }
}
