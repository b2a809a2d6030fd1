using WhisperMesh.Router.Live;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Explain.Taking;

/// <summary>What a live session has gone through beside its workers. Guarded by its journey's lock.</summary>
internal sealed class LiveJourney
{
    private const int MostNotes = 100;

    private readonly List<(long At, string Message)> _notes = [];
    private double _lagSum;
    private int _lagCount;
    private bool _busy;

    public TimeSpan LargestLag { get; private set; }

    public long LargestLagAt { get; private set; }

    public TimeSpan MeanLag => _lagCount == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(_lagSum / _lagCount);

    public int Resumes { get; private set; }

    public int BusyCount { get; private set; }

    public TimeSpan LostAudio { get; private set; }

    public int Utterances { get; private set; }

    public TimeSpan Received { get; private set; }

    public LiveSummary? Summary { get; private set; }

    public IReadOnlyList<(long At, string Message)> Notes => _notes;

    public void OnEvent(long at, LiveSessionInfo session, StreamLiveResponse message)
    {
        Received = session.Received;
        switch (message.EventCase)
        {
            case StreamLiveResponse.EventOneofCase.Final:
                Utterances++;
                Measure(at, session);
                break;
            case StreamLiveResponse.EventOneofCase.Update:
                Measure(at, session);
                break;
            case StreamLiveResponse.EventOneofCase.Status:
                OnStatus(at, message.Status);
                break;
            case StreamLiveResponse.EventOneofCase.Summary:
                Summary = message.Summary;
                break;
        }
    }

    public void OnResumed(long at)
    {
        Resumes++;
        Note(at, "The client came back over another connection.");
    }

    private void Measure(long at, LiveSessionInfo session)
    {
        var lag = session.Received > session.Committed ? session.Received - session.Committed : TimeSpan.Zero;
        _lagSum += lag.TotalSeconds;
        _lagCount++;
        if (lag > LargestLag)
        {
            (LargestLag, LargestLagAt) = (lag, at);
        }
    }

    private void OnStatus(long at, LiveStatus status)
    {
        var busy = status.Load == LiveLoad.Busy;
        BusyCount += busy && !_busy ? 1 : 0;
        _busy = status.Load == LiveLoad.Unspecified ? _busy : busy;
        LostAudio += status.LostAudio?.ToTimeSpan() ?? TimeSpan.Zero;
        if (status.Message.Length > 0)
        {
            Note(at, status.Message);
        }
    }

    private void Note(long at, string message)
    {
        if (_notes.Count < MostNotes)
        {
            _notes.Add((at, message));
        }
    }
}
