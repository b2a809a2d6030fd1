using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>
/// Looks on at every session, such as what publishes captions. Called in the order of the events on the session's own turn: must return
/// at once and never throw. Messages are shared and must not be changed.
/// </summary>
internal interface ILiveObserver
{
    void OnStarted(LiveSessionInfo session);

    void OnEvent(LiveSessionInfo session, StreamLiveResponse message);

    /// <summary>The session is over, well or not.</summary>
    void OnEnded(LiveSessionInfo session);
}
