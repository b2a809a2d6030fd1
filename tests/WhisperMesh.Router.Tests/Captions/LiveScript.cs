using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Router.Live;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Captions;

/// <summary>A live session as its observers see it, word by word.</summary>
internal sealed class LiveScript
{
    private static readonly TimeSpan WordLength = TimeSpan.FromMilliseconds(400);

    private readonly ILiveObserver[] _observers;
    private readonly List<LiveWord> _utterance = [];
    private LiveSessionInfo _session;
    private int _utterances;

    public LiveScript(IEnumerable<ILiveObserver> observers, string captionName, string id = "session-1", string tenantId = "local")
    {
        _observers = [.. observers];
        _session = new LiveSessionInfo(id, tenantId, captionName, DateTimeOffset.UnixEpoch);
        Tell(observer => observer.OnStarted(_session));
    }

    /// <summary>Where the next word begins.</summary>
    public TimeSpan Now { get; set; }

    /// <summary>Says words, each in an update of its own.</summary>
    public LiveScript Say(string text)
    {
        foreach (var word in text.Split(' '))
        {
            var live = new LiveWord
            {
                Text = " " + word,
                StartOffset = Now.ToDuration(),
                WordDuration = WordLength.ToDuration(),
                Confidence = 0.9f,
            };
            Now += WordLength;
            _utterance.Add(live);
            Send(new StreamLiveResponse { Update = new LiveUpdate { Words = { live }, LanguageCode = "en", UtteranceIndex = _utterances } });
        }

        return this;
    }

    /// <summary>What seems to be said.</summary>
    public LiveScript Guess(string text)
    {
        Send(new StreamLiveResponse
        {
            Update = new LiveUpdate { TentativeText = text, Stability = 0.5f, LanguageCode = "en", UtteranceIndex = _utterances },
        });
        return this;
    }

    /// <summary>Ends the utterance; its last words may be told with it only.</summary>
    public LiveScript EndUtterance(params string[] untold)
    {
        foreach (var word in untold)
        {
            _utterance.Add(new LiveWord { Text = " " + word, StartOffset = Now.ToDuration(), WordDuration = WordLength.ToDuration() });
            Now += WordLength;
        }

        var segment = new TranscriptSegment { Index = _utterances++, Text = string.Concat(_utterance.Select(word => word.Text)).Trim() };
        segment.Words.AddRange(_utterance.Select(word => new TranscriptWord
        {
            Text = word.Text.Trim(),
            StartOffset = word.StartOffset,
            WordDuration = word.WordDuration,
        }));
        _utterance.Clear();
        Send(new StreamLiveResponse { Final = new LiveFinal { Segment = segment, Reason = EndpointReason.Pause } });
        return this;
    }

    public LiveScript Silence(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return Status();
    }

    public LiveScript Status(LiveLoad load = LiveLoad.Normal, bool connected = true)
    {
        _session = _session with { Connected = connected };
        Send(new StreamLiveResponse { Status = new LiveStatus { Load = load } });
        return this;
    }

    public LiveScript End()
    {
        Tell(observer => observer.OnEnded(_session));
        return this;
    }

    private void Send(StreamLiveResponse message)
    {
        message.Progress = new LiveProgress { AudioReceived = (Now + TimeSpan.FromSeconds(1)).ToDuration(), AudioCommitted = Now.ToDuration() };
        Tell(observer => observer.OnEvent(_session, message));
    }

    private void Tell(Action<ILiveObserver> tell)
    {
        foreach (var observer in _observers)
        {
            tell(observer);
        }
    }
}
