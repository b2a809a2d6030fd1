using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Router.Live;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Live;

/// <summary>Whatever a worker that took over says, no word comes twice and none changes.</summary>
public sealed class LiveTranscriptTests
{
    private readonly LiveTranscript _transcript = new(null);

    [Fact]
    public void GiveAway_AtTheBeginning_IsNothing() => _transcript.GiveAway().ShouldBeNull();

    [Fact]
    public void Accept_WorkerThatTookOverSaysAWordAgain_IsLeftOut()
    {
        _transcript.Accept(Update(0, Word("a", 0, 1), Word("b", 1, 2)));
        _transcript.GiveAway()!.Words.Count.ShouldBe(2);

        var again = Update(0, Word("b", 1, 1.9), Word("c", 2, 3));
        _transcript.Accept(again).ShouldBeTrue();

        again.Update.Words.Select(word => word.Text).ShouldBe([" c"]);
        _transcript.Corrected.ShouldBe(1);
    }

    [Fact]
    public void Accept_FinalThatHasOtherWordsThanWereTold_SaysWhatWasTold()
    {
        _transcript.Accept(Update(0, Word("a", 0, 1), Word("b", 1, 2)));
        _transcript.GiveAway();

        var final = Final(0, 100, "x y c", ("x", 0, 1), ("y", 1, 2), ("c", 2, 3));
        _transcript.Accept(final).ShouldBeTrue();

        final.Final.Segment.Text.ShouldBe("a b c");
        final.Final.Segment.Words.Select(word => word.Text).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void Accept_EventsOfAnUtteranceThatHasEnded_AreNoNews()
    {
        _transcript.Accept(Final(0, 100, "a", ("a", 0, 1)));

        _transcript.Accept(Final(0, 100, "a", ("a", 0, 1))).ShouldBeFalse();
        _transcript.Accept(Update(0, Word("b", 1, 2))).ShouldBeFalse();
        _transcript.Accept(new StreamLiveResponse { SpeechEnded = new LiveSpeechEnded { UtteranceIndex = 0 } }).ShouldBeFalse();
        _transcript.Words.ShouldBeEmpty();
    }

    [Fact]
    public void Accept_SpeechStartedAgain_IsNoNews()
    {
        var started = new StreamLiveResponse { SpeechStarted = new LiveSpeechStarted { UtteranceIndex = 0 } };

        _transcript.Accept(started).ShouldBeTrue();
        _transcript.Accept(started).ShouldBeFalse();
    }

    [Fact]
    public void Cut_OpenUtterance_EndsWithTheWordsThatStand()
    {
        _transcript.Accept(Final(0, 100, "a", ("a", 0, 1)));
        _transcript.Accept(Update(1, Word("b", 1, 2)));

        var final = _transcript.Cut(500, Duration.FromTimeSpan(TimeSpan.FromSeconds(5)))!;

        final.Segment.ShouldSatisfyAllConditions(segment => segment.Index.ShouldBe(1), segment => segment.Text.ShouldBe("b"));
        _transcript.GiveAway()!.ShouldSatisfyAllConditions(
            resume => resume.Checkpoint.Position.ShouldBe(500),
            resume => resume.Checkpoint.UtteranceCount.ShouldBe(2),
            resume => resume.Words.ShouldBeEmpty());
    }

    [Fact]
    public void Cut_Silence_OnlyMovesTheCheckpoint()
    {
        _transcript.Cut(500, new Duration { Seconds = 5 }).ShouldBeNull();

        _transcript.Checkpoint.ShouldSatisfyAllConditions(
            checkpoint => checkpoint.Position.ShouldBe(500), checkpoint => checkpoint.UtteranceCount.ShouldBe(0));
    }

    private static StreamLiveResponse Update(int utterance, params LiveWord[] words) =>
        new() { Update = new LiveUpdate { UtteranceIndex = utterance, Words = { words } } };

    private static StreamLiveResponse Final(int index, long position, string text, params (string Text, double Start, double End)[] words) => new()
    {
        Final = new LiveFinal
        {
            Segment = new TranscriptSegment
            {
                Index = index,
                Text = text,
                Words =
                {
                    words.Select(word => new TranscriptWord
                    {
                        Text = word.Text, StartOffset = Seconds(word.Start), WordDuration = Seconds(word.End - word.Start),
                    }),
                },
            },
            Checkpoint = new LiveCheckpoint { Position = position, UtteranceCount = index + 1 },
        },
    };

    private static LiveWord Word(string text, double start, double end) =>
        new() { Text = " " + text, StartOffset = Seconds(start), WordDuration = Seconds(end - start) };

    private static Duration Seconds(double seconds) => Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds));
}
