using WhisperMesh.Router.Live;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Explain.Taking;

/// <summary>A live session, which outlives the connection that began it.</summary>
internal sealed partial class Journey
{
    private bool _handedOver;

    /// <summary>Live session that the connection serves, where that has another name.</summary>
    public string SessionId { get; private set; } = "";

    /// <summary>Null: it is no live session.</summary>
    public LiveJourney? Live { get; private set; }

    /// <summary>What a live session of this name is noted in, which outlives its connection.</summary>
    public Journey ForSession(string id)
    {
        var session = id == Id && !_handedOver ? this : new Journey(_all, _time, Tenant, Operation, Protocol, TraceId).Named(id);
        (session._handedOver, session.Live) = (true, new LiveJourney());
        SessionId = session == this ? "" : id;
        return session;
    }

    /// <summary>This connection goes on with a session that another began.</summary>
    public void JoinSession(Journey? session, string id)
    {
        SessionId = id;
        session?.OnLive(live => live.OnResumed(_time.GetTimestamp()));
    }

    public void OnLiveEvent(LiveSessionInfo session, StreamLiveResponse message)
    {
        OnLive(live => live.OnEvent(_time.GetTimestamp(), session, message));
        Route = message.Started?.Route ?? message.Summary?.Route ?? Route;
        if (message.Final?.Segment is { Text.Length: > 0 } segment)
        {
            OnSegment(segment);
        }
    }

    /// <summary>The live session is over.</summary>
    /// <param name="failure">Why it failed; null: it went well.</param>
    public void EndSession(Exception? failure)
    {
        if (failure is not null)
        {
            FailBy(failure, failure is ServiceDefaults.Errors.MeshException { StatusCode: global::Grpc.Core.StatusCode.Cancelled });
        }

        Finish();
    }

    private void OnLive(Action<LiveJourney> note)
    {
        lock (Gate)
        {
            if (Live is { } live)
            {
                note(live);
            }
        }
    }
}
