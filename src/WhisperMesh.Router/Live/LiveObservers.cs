using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>All who look on. What one of them does wrong harms neither the session nor the others.</summary>
internal sealed class LiveObservers(IEnumerable<ILiveObserver> observers, ILogger<LiveObservers> logger)
{
    private readonly ILiveObserver[] _observers = [.. observers];

    public void OnStarted(LiveSessionInfo session) => Each(session, observer => observer.OnStarted(session));

    public void OnEvent(LiveSessionInfo session, StreamLiveResponse message) => Each(session, observer => observer.OnEvent(session, message));

    public void OnEnded(LiveSessionInfo session) => Each(session, observer => observer.OnEnded(session));

    private void Each(LiveSessionInfo session, Action<ILiveObserver> tell)
    {
        foreach (var observer in _observers)
        {
            try
            {
                tell(observer);
            }
            catch (Exception e)
            {
                LiveLog.ObserverFailed(logger, e, session.Id, observer.GetType().Name);
            }
        }
    }
}
