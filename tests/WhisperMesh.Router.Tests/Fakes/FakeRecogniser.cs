using System.Text;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>
/// An engine for audio that is text, each byte a letter: a word is committed once the space after it is heard, a full stop ends the
/// utterance, underscores are silence. It goes on from a checkpoint as the contract says, and throws where audio is missing.
/// </summary>
internal sealed class FakeRecogniser
{
    private const int LettersPerSecond = 8000;

    private readonly List<LiveWord> _words = [];
    private readonly StringBuilder _word = new();
    private readonly int _given;
    private long _position;
    private long _committed;
    private long _wordAt;
    private int _utterance;
    private int _withText;
    private bool _open;

    public FakeRecogniser(LiveConfig config)
    {
        var checkpoint = config.Resume?.Checkpoint;
        _position = _committed = checkpoint?.Position ?? 0;
        _utterance = checkpoint?.UtteranceCount ?? 0;
        _given = config.Resume?.Words.Count ?? 0;
        _skip = _given;
    }

    private int _skip;

    /// <summary>Takes a message, and says what comes of it.</summary>
    public List<StreamLiveResponse> Hear(StreamLiveRequest message)
    {
        var events = new List<StreamLiveResponse>();
        switch (message.PayloadCase)
        {
            case StreamLiveRequest.PayloadOneofCase.Audio:
                Hear(message.Audio, events);
                break;
            case StreamLiveRequest.PayloadOneofCase.Commit:
                End(EndpointReason.Commit, events);
                break;
            case StreamLiveRequest.PayloadOneofCase.Clear:
                _word.Clear();
                if (_open)
                {
                    End(EndpointReason.Clear, events);
                }

                break;
        }

        return events;
    }

    /// <summary>The audio is over.</summary>
    public List<StreamLiveResponse> Complete(string workerId)
    {
        var events = new List<StreamLiveResponse>();
        if (_open)
        {
            End(EndpointReason.EndOfAudio, events);
        }

        Add(events, new StreamLiveResponse
        {
            Summary = new LiveSummary { WorkerId = workerId, AudioDuration = Time(_position), UtteranceCount = _withText, PassCount = 1, LanguageCode = "en" },
        });
        return events;
    }

    private void Hear(LiveAudio audio, List<StreamLiveResponse> events)
    {
        if (audio.HasPosition && audio.Position != _position)
        {
            throw new InvalidOperationException($"Audio from {audio.Position} came where {_position} was expected.");
        }

        foreach (var letter in audio.Data.Span)
        {
            Hear((char)letter, events);
        }

        if (_word.Length > 0 || _words.Count == 0)
        {
            Add(events, new StreamLiveResponse
            {
                Update = new LiveUpdate { UtteranceIndex = _utterance, TentativeText = " " + _word, Stability = 0.5f, LanguageCode = "en" },
            });
        }
    }

    private void Hear(char letter, List<StreamLiveResponse> events)
    {
        _position++;
        switch (letter)
        {
            case '_' when !_open:
                _committed = _position;
                break;
            case '_' or ' ':
                EndWord(events);
                break;
            case '.':
                _word.Append(letter);
                End(EndpointReason.Pause, events);
                break;
            default:
                Begin(events);
                _wordAt = _word.Length == 0 ? _position - 1 : _wordAt;
                _word.Append(letter);
                break;
        }
    }

    private void Begin(List<StreamLiveResponse> events)
    {
        if (!_open)
        {
            _open = true;
            Add(events, new StreamLiveResponse { SpeechStarted = new LiveSpeechStarted { UtteranceIndex = _utterance, StartOffset = Time(_position - 1) } });
        }
    }

    private void EndWord(List<StreamLiveResponse> events)
    {
        if (_word.Length == 0)
        {
            return;
        }

        var word = new LiveWord
        {
            Text = " " + _word,
            StartOffset = Time(_wordAt),
            WordDuration = Time(_word.Length),
            Confidence = 0.9f,
        };
        _words.Add(word);
        _word.Clear();
        _committed = _wordAt + word.Text.Length - 1;
        if (_skip > 0)
        {
            _skip--;
            return;
        }

        Add(events, new StreamLiveResponse { Update = new LiveUpdate { UtteranceIndex = _utterance, Words = { word }, LanguageCode = "en" } });
    }

    private void End(EndpointReason reason, List<StreamLiveResponse> events)
    {
        EndWord(events);
        _committed = _position;
        if (reason == EndpointReason.Pause)
        {
            Add(events, new StreamLiveResponse { SpeechEnded = new LiveSpeechEnded { UtteranceIndex = _utterance, EndOffset = Time(_position) } });
        }

        var text = string.Concat(_words.Select(word => word.Text)).Trim();
        _withText += text.Length > 0 ? 1 : 0;
        var segment = new TranscriptSegment { Index = _utterance, Text = text, LanguageCode = "en", Verdict = SegmentVerdict.Ok };
        segment.Words.AddRange(_words.Select(word => new TranscriptWord
        {
            Text = word.Text.Trim(),
            StartOffset = word.StartOffset,
            WordDuration = word.WordDuration,
            Confidence = word.Confidence,
        }));
        segment.StartOffset = _words.Count > 0 ? _words[0].StartOffset : Time(_position);
        segment.SegmentDuration = _words.Count > 0
            ? Duration.FromTimeSpan(Time(_position).ToTimeSpan() - segment.StartOffset.ToTimeSpan())
            : new Duration();
        _words.Clear();
        _open = false;
        _skip = 0;
        _utterance++;
        Add(events, new StreamLiveResponse
        {
            Final = new LiveFinal
            {
                Segment = segment,
                Reason = reason,
                Checkpoint = new LiveCheckpoint
                {
                    Position = _position,
                    Offset = Time(_position),
                    UtteranceCount = _utterance,
                    Context = text,
                    LanguageCode = "en",
                },
            },
        });
    }

    private void Add(List<StreamLiveResponse> events, StreamLiveResponse message)
    {
        message.Progress = new LiveProgress { AudioReceived = Time(_position), AudioCommitted = Time(_committed), ReceivedPosition = _position };
        events.Add(message);
    }

    private static Duration Time(long letters) => Duration.FromTimeSpan(TimeSpan.FromTicks(letters * TimeSpan.TicksPerSecond / LettersPerSecond));
}
