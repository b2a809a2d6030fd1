using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>
/// What a session has told of its speech. Whatever a worker that took over says again is left out here, so that no word comes twice
/// and none that stands is changed. Guarded by the session's lock.
/// </summary>
internal sealed class LiveTranscript
{
    private readonly List<LiveWord> _words = [];
    private int _started = -1;
    private int _paused = -1;

    // Of the words that were given to the worker which has the stream now.
    private int _givenCount;
    private TimeSpan _givenEnd = TimeSpan.MinValue;

    public LiveTranscript(LiveResume? resume)
    {
        Checkpoint = resume?.Checkpoint ?? new LiveCheckpoint();
        _words.AddRange(resume?.Words ?? []);
        _started = _words.Count > 0 ? Checkpoint.UtteranceCount : Checkpoint.UtteranceCount - 1;
        _paused = Checkpoint.UtteranceCount - 1;
        Language = Checkpoint.LanguageCode;
    }

    /// <summary>Where the last utterance ended.</summary>
    public LiveCheckpoint Checkpoint { get; private set; }

    /// <summary>Words committed after it.</summary>
    public IReadOnlyList<LiveWord> Words => _words;

    /// <summary>Language of the last words.</summary>
    public string Language { get; private set; }

    /// <summary>Utterances that ended with text.</summary>
    public int UtterancesWithText { get; private set; }

    /// <summary>Counts words and finals: whether a worker has brought anything.</summary>
    public long Told { get; private set; }

    /// <summary>Words that a worker told again, or changed.</summary>
    public int Corrected { get; set; }

    /// <summary>Whether somebody speaks, as far as was told.</summary>
    public bool IsOpen => _started >= Checkpoint.UtteranceCount || _words.Count > 0;

    /// <summary>What another worker must know to go on; null at the beginning.</summary>
    public LiveResume? GiveAway()
    {
        _givenCount = _words.Count;
        _givenEnd = _words.Count > 0 ? _words.Max(EndOf) : TimeSpan.MinValue;
        if (Checkpoint.Position == 0 && Checkpoint.UtteranceCount == 0 && _words.Count == 0)
        {
            return null;
        }

        var resume = new LiveResume { Checkpoint = Checkpoint };
        resume.Words.AddRange(_words);
        return resume;
    }

    /// <summary>Takes what a worker says in, and puts right what would repeat or contradict what was told.</summary>
    /// <returns>Whether anything of it is news.</returns>
    public bool Accept(StreamLiveResponse message)
    {
        switch (message.EventCase)
        {
            case StreamLiveResponse.EventOneofCase.Update:
                return Accept(message.Update);
            case StreamLiveResponse.EventOneofCase.Final:
                return Accept(message.Final);
            case StreamLiveResponse.EventOneofCase.SpeechStarted:
                return Rises(ref _started, message.SpeechStarted.UtteranceIndex);
            case StreamLiveResponse.EventOneofCase.SpeechEnded:
                return Rises(ref _paused, message.SpeechEnded.UtteranceIndex);
            default:
                return true;
        }
    }

    /// <summary>Ends the open utterance with the words that stand, because audio after it is lost.</summary>
    /// <param name="position">Where the stream goes on.</param>
    /// <param name="offset">The same as time.</param>
    /// <returns>The end of the utterance; null where none was open.</returns>
    public LiveFinal? Cut(long position, Duration offset)
    {
        var checkpoint = Checkpoint.Clone();
        (checkpoint.Position, checkpoint.Offset) = (position, offset);
        if (!IsOpen)
        {
            Checkpoint = checkpoint;
            return null;
        }

        checkpoint.UtteranceCount++;
        var segment = new TranscriptSegment { Index = Checkpoint.UtteranceCount, LanguageCode = Language };
        Rewrite(segment, _words);
        checkpoint.Context = segment.Text.Length > 0 ? segment.Text : checkpoint.Context;
        var final = new LiveFinal { Segment = segment, Reason = EndpointReason.EndOfAudio, Checkpoint = checkpoint };
        Close(final);
        return final;
    }

    /// <summary>Moves the checkpoint on through silence in which nobody has spoken.</summary>
    public void Pass(long position, Duration offset)
    {
        Checkpoint = Checkpoint.Clone();
        (Checkpoint.Position, Checkpoint.Offset) = (position, offset);
    }

    private bool Accept(LiveUpdate update)
    {
        if (update.UtteranceIndex < Checkpoint.UtteranceCount)
        {
            return false;
        }

        for (var i = update.Words.Count - 1; i >= 0; i--)
        {
            if (_givenCount > 0 && EndOf(update.Words[i]) <= _givenEnd && StartOf(update.Words[i]) < _givenEnd)
            {
                update.Words.RemoveAt(i);
                Corrected++;
            }
        }

        _words.AddRange(update.Words);
        Told += update.Words.Count;
        Language = update.LanguageCode.Length > 0 ? update.LanguageCode : Language;
        return true;
    }

    private bool Accept(LiveFinal final)
    {
        final.Segment ??= new TranscriptSegment { Index = Checkpoint.UtteranceCount };
        if (final.Segment.Index < Checkpoint.UtteranceCount)
        {
            return false;
        }

        if (!BeginsWithTold(final.Segment))
        {
            var end = _words.Count > 0 ? _words.Max(EndOf) : TimeSpan.MinValue;
            List<LiveWord> words = [.. _words, .. final.Segment.Words.Select(ToLive).Where(word => StartOf(word) >= end)];
            Rewrite(final.Segment, words);
            Corrected++;
        }

        Close(final);
        return true;
    }

    private void Close(LiveFinal final)
    {
        Told++;
        UtterancesWithText += final.Segment.Text.Length > 0 ? 1 : 0;
        Language = final.Segment.LanguageCode.Length > 0 ? final.Segment.LanguageCode : Language;
        if (final.Checkpoint is not null)
        {
            Checkpoint = final.Checkpoint;
        }

        _words.Clear();
        (_givenCount, _givenEnd) = (0, TimeSpan.MinValue);
        _started = Math.Max(_started, final.Segment.Index);
        _paused = Math.Max(_paused, final.Segment.Index);
    }

    private bool BeginsWithTold(TranscriptSegment segment)
    {
        if (segment.Words.Count < _words.Count)
        {
            return false;
        }

        for (var i = 0; i < _words.Count; i++)
        {
            if (!segment.Words[i].Text.AsSpan().Trim().SequenceEqual(_words[i].Text.AsSpan().Trim()))
            {
                return false;
            }
        }

        return true;
    }

    private static void Rewrite(TranscriptSegment segment, List<LiveWord> words)
    {
        segment.Words.Clear();
        segment.Words.AddRange(words.Select(word => new TranscriptWord
        {
            Text = word.Text.Trim(),
            StartOffset = word.StartOffset,
            WordDuration = word.WordDuration,
            Confidence = word.Confidence,
        }));
        segment.Text = string.Concat(words.Select(word => word.Text)).Trim();
        segment.Tokens.Clear();
        segment.TokenLogProbabilities.Clear();
        segment.TokenBytes.Clear();
        if (words.Count > 0)
        {
            var start = StartOf(words[0]);
            segment.StartOffset = Duration.FromTimeSpan(start);
            segment.SegmentDuration = Duration.FromTimeSpan(words.Max(EndOf) - start);
            segment.Confidence = words.Average(word => word.Confidence);
        }
    }

    private static LiveWord ToLive(TranscriptWord word) => new()
    {
        // A segment's words come without the space that joins them.
        Text = " " + word.Text,
        StartOffset = word.StartOffset,
        WordDuration = word.WordDuration,
        Confidence = word.Confidence,
    };

    private static bool Rises(ref int told, int index)
    {
        var news = index > told;
        told = Math.Max(told, index);
        return news;
    }

    private static TimeSpan StartOf(LiveWord word) => word.StartOffset?.ToTimeSpan() ?? TimeSpan.Zero;

    private static TimeSpan EndOf(LiveWord word) => StartOf(word) + (word.WordDuration?.ToTimeSpan() ?? TimeSpan.Zero);
}
