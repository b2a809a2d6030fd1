using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

/// <summary>
/// What the client knows of its stream: enough to go on with it at any router, and to give the caller one stream of events out of
/// those of several connections. Used by one at a time.
/// </summary>
internal sealed class LiveMemory(LiveByteRate rate)
{
    // Less than this of a silence is never forgotten: the mesh takes some audio along before speech begins.
    private static readonly TimeSpan SilenceKept = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SilenceForgotten = TimeSpan.FromSeconds(30);

    private readonly List<(int Utterance, LiveWord Word)> _words = [];
    private readonly LiveProgress _progress = new();
    private LiveCheckpoint _checkpoint = new() { Offset = new Duration(), SpeechDuration = new Duration() };
    private string _token = "";
    private long _lastNumber;
    private long _told;
    private int _startedUtterance = -1;
    private int _endedUtterance = -1;
    private int _finalUtterance = -1;
    private int _textCount;

    /// <summary>Id of the stream, at whichever router.</summary>
    internal string RequestId { get; private set; } = "";

    /// <summary>Routers that took the stream over without having seen it before.</summary>
    internal int Moves { get; private set; }

    /// <summary>Audio before this will not be asked for again.</summary>
    internal long Forgettable => _checkpoint.Position;

    internal LiveResume ToResume() => new()
    {
        Token = _token,
        LastEventNumber = _lastNumber,
        Checkpoint = _checkpoint,
        Words = { _words.Select(each => each.Word) },
    };

    /// <summary>The stream's first event, as the caller gets it.</summary>
    internal StreamLiveResponse Begin(StreamLiveResponse started)
    {
        RequestId = started.Started.RequestId;
        _token = started.Started.ResumeToken;
        _lastNumber = started.EventNumber;
        return Tell(started);
    }

    /// <summary>A connection goes on with the stream. True: at a router that had not seen it, which counts its events anew.</summary>
    internal bool GoOn(LiveStarted started)
    {
        if (started.ResumeToken == _token)
        {
            return false;
        }

        _token = started.ResumeToken;
        _lastNumber = 0;
        Moves++;
        return true;
    }

    /// <summary>Takes an event in. Null: the caller has it already.</summary>
    internal StreamLiveResponse? Accept(StreamLiveResponse message)
    {
        if (message.EventNumber > 0 && message.EventNumber <= _lastNumber)
        {
            return null;
        }

        // One that says that the stream goes on may be sent ahead of events with lower numbers.
        if (message.EventCase == StreamLiveResponse.EventOneofCase.Started)
        {
            return null;
        }

        _lastNumber = Math.Max(_lastNumber, message.EventNumber);
        if (!IsNews(message))
        {
            return null;
        }

        var told = Tell(message);
        ForgetSilence();
        return told;
    }

    /// <summary>An event of the client's own, for what happened to the connection.</summary>
    internal StreamLiveResponse Say(string text, string workerId = "") =>
        Tell(new StreamLiveResponse { Status = new LiveStatus { Message = text, WorkerId = workerId } });

    private bool IsNews(StreamLiveResponse message)
    {
        switch (message.EventCase)
        {
            case StreamLiveResponse.EventOneofCase.SpeechStarted:
                return Advance(ref _startedUtterance, message.SpeechStarted.UtteranceIndex);
            case StreamLiveResponse.EventOneofCase.SpeechEnded:
                return Advance(ref _endedUtterance, message.SpeechEnded.UtteranceIndex);
            case StreamLiveResponse.EventOneofCase.Update:
                return Learn(message.Update);
            case StreamLiveResponse.EventOneofCase.Final:
                return Learn(message.Final);
            case StreamLiveResponse.EventOneofCase.Summary when Moves > 0:
                message.Summary.UtteranceCount = _textCount;
                message.Summary.Warnings.Add("The stream went on at another router: passes and decoding time are those of the last one only.");
                return true;
            default:
                return true;
        }
    }

    private bool Learn(LiveUpdate update)
    {
        if (update.UtteranceIndex <= _finalUtterance)
        {
            return false;
        }

        // A router that took the stream over was given these; they stand already.
        while (update.Words.Count > 0 && _words.Any(known => IsSame(known.Word, update.Words[0])))
        {
            update.Words.RemoveAt(0);
        }

        _words.AddRange(update.Words.Select(word => (update.UtteranceIndex, word)));
        return true;
    }

    private bool Learn(LiveFinal final)
    {
        if (!Advance(ref _finalUtterance, final.Segment?.Index ?? 0))
        {
            return false;
        }

        _textCount += string.IsNullOrEmpty(final.Segment?.Text) ? 0 : 1;
        _words.RemoveAll(known => known.Utterance <= _finalUtterance);
        _checkpoint = final.Checkpoint ?? _checkpoint;
        return true;
    }

    /// <summary>
    /// In a long silence no utterance ends, and nothing would be acknowledged. A place in a silence is as good to go on from as its
    /// beginning, so the checkpoint follows it.
    /// </summary>
    private void ForgetSilence()
    {
        var silent = _startedUtterance <= _finalUtterance && _words.Count == 0;
        var until = _progress.AudioCommitted?.ToTimeSpan() ?? TimeSpan.Zero;
        if (!silent || until - rate.ToTime(_checkpoint.Position) < SilenceForgotten + SilenceKept)
        {
            return;
        }

        // Whole seconds are whole samples at every rate, the mesh's own included.
        var seconds = TimeSpan.FromSeconds(Math.Floor((until - SilenceKept).TotalSeconds));
        _checkpoint = _checkpoint.Clone();
        _checkpoint.Position = rate.ToBytes(seconds);
        _checkpoint.Offset = Duration.FromTimeSpan(seconds);
    }

    /// <summary>The event in the caller's numbering, and with progress that only grows.</summary>
    private StreamLiveResponse Tell(StreamLiveResponse message)
    {
        if (message.Progress is { } progress)
        {
            _progress.AudioReceived = Later(_progress.AudioReceived, progress.AudioReceived);
            _progress.AudioCommitted = Later(_progress.AudioCommitted, progress.AudioCommitted);
            _progress.ReceivedPosition = Math.Max(_progress.ReceivedPosition, progress.ReceivedPosition);
            _progress.AcknowledgedPosition = Math.Max(_progress.AcknowledgedPosition, progress.AcknowledgedPosition);
        }

        message.Progress = _progress.Clone();
        message.EventNumber = ++_told;
        return message;
    }

    private static bool IsSame(LiveWord known, LiveWord word) => known.Text == word.Text && Equals(known.StartOffset, word.StartOffset);

    private static Duration? Later(Duration? one, Duration? other) =>
        one is null || (other is not null && other.ToTimeSpan() > one.ToTimeSpan()) ? other : one;

    private static bool Advance(ref int last, int index)
    {
        var isNew = index > last;
        last = Math.Max(last, index);
        return isNew;
    }
}
