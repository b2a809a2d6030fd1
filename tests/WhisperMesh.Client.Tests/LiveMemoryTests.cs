using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client.Tests;

public sealed class LiveMemoryTests
{
    private const long Second = 32000;

    private readonly LiveMemory _memory = new(LiveByteRate.Of(LiveStreams.Options.AudioFormat));

    [Fact]
    public void Accept_NumberThatWasTold_IsLeftOut()
    {
        Begin();

        _memory.Accept(Update(2, 0, " one")).ShouldNotBeNull().EventNumber.ShouldBe(2);
        _memory.Accept(Update(2, 0, " one")).ShouldBeNull();
        _memory.Accept(Update(5, 0, " two")).ShouldNotBeNull().EventNumber.ShouldBe(3);
    }

    [Fact]
    public void Accept_EventsBeforeAGreetingWithAHigherNumber_AreTold()
    {
        Begin();

        _memory.GoOn(new LiveStarted { ResumeToken = "a", Resumed = true }).ShouldBeFalse();

        _memory.Accept(new() { EventNumber = 9, Started = new() }).ShouldBeNull();
        _memory.Accept(Update(2, 0, " one")).ShouldNotBeNull();
    }

    [Fact]
    public void Accept_WordsThatStandAtAnotherRouter_AreLeftOut()
    {
        Begin();
        _memory.Accept(Update(2, 0, " one", " two"));
        _memory.GoOn(new LiveStarted { ResumeToken = "b", Resumed = true }).ShouldBeTrue();

        var update = _memory.Accept(Update(1, 0, " one", " two", " three")).ShouldNotBeNull();

        update.Update.Words.ShouldHaveSingleItem().Text.ShouldBe(" three");
        _memory.ToResume().Words.Select(word => word.Text).ShouldBe([" one", " two", " three"]);
    }

    [Fact]
    public void Accept_UtteranceThatIsOver_IsLeftOut()
    {
        Begin();
        _memory.Accept(new() { EventNumber = 2, SpeechStarted = new() { UtteranceIndex = 0 } });
        _memory.Accept(Update(3, 0, " one"));
        _memory.Accept(Final(4, 0, "one", Second)).ShouldNotBeNull();
        _memory.GoOn(new LiveStarted { ResumeToken = "b", Resumed = true });

        _memory.Accept(new() { EventNumber = 1, SpeechStarted = new() { UtteranceIndex = 0 } }).ShouldBeNull();
        _memory.Accept(Update(2, 0, " one")).ShouldBeNull();
        _memory.Accept(Final(3, 0, "one", Second)).ShouldBeNull();
        _memory.Accept(Update(4, 1, " two")).ShouldNotBeNull();
    }

    [Fact]
    public void ToResume_AfterAFinal_HasItsCheckpointAndTheWordsSince()
    {
        Begin();
        _memory.Accept(Update(2, 0, " one"));
        _memory.Accept(Update(3, 1, " two"));
        _memory.Accept(Final(4, 0, "one", Second));

        var resume = _memory.ToResume();

        resume.Token.ShouldBe("a");
        resume.LastEventNumber.ShouldBe(4);
        resume.Checkpoint.Position.ShouldBe(Second);
        resume.Words.ShouldHaveSingleItem().Text.ShouldBe(" two");
        _memory.Forgettable.ShouldBe(Second);
    }

    [Fact]
    public void Accept_ProgressOfARouterThatBeganLater_OnlyGrows()
    {
        Begin();
        _memory.Accept(At(Update(2, 0, " one"), received: 10, committed: 8));
        _memory.GoOn(new LiveStarted { ResumeToken = "b", Resumed = true });

        var progress = _memory.Accept(At(Update(1, 0, " two"), received: 4, committed: 9)).ShouldNotBeNull().Progress;

        progress.AudioReceived.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(10));
        progress.AudioCommitted.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(9));
    }

    [Fact]
    public void Accept_LongSilence_IsForgottenButForItsEnd()
    {
        Begin();
        _memory.Accept(Final(2, 0, "one", Second));

        _memory.Accept(At(new() { EventNumber = 3, Status = new() }, received: 600, committed: 600));

        _memory.Forgettable.ShouldBe(595 * Second);
        _memory.ToResume().Checkpoint.Offset.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(595));
        _memory.ToResume().Checkpoint.UtteranceCount.ShouldBe(1);
    }

    [Fact]
    public void Accept_LongSpeech_IsKept()
    {
        Begin();
        _memory.Accept(new() { EventNumber = 2, SpeechStarted = new() { UtteranceIndex = 0 } });

        _memory.Accept(At(Update(3, 0, " one"), received: 600, committed: 600));

        _memory.Forgettable.ShouldBe(0);
    }

    [Fact]
    public void Accept_SummaryAfterAMove_CountsAllUtterancesAndSaysSo()
    {
        Begin();
        _memory.Accept(Final(2, 0, "one", Second));
        _memory.Accept(Final(3, 1, "", 2 * Second));
        _memory.GoOn(new LiveStarted { ResumeToken = "b", Resumed = true });
        _memory.Accept(Final(1, 2, "two", 3 * Second));

        var summary = _memory.Accept(new() { EventNumber = 2, Summary = new() { UtteranceCount = 1 } }).ShouldNotBeNull().Summary;

        summary.UtteranceCount.ShouldBe(2);
        summary.Warnings.ShouldHaveSingleItem().ShouldContain("another router");
    }

    private void Begin() => _memory.Begin(new() { EventNumber = 1, Started = new() { ResumeToken = "a", RequestId = "r" } });

    private static StreamLiveResponse Update(long number, int utterance, params string[] words)
    {
        var update = new LiveUpdate { UtteranceIndex = utterance };
        update.Words.AddRange(words.Select((word, at) => new LiveWord { Text = word, StartOffset = Duration.FromTimeSpan(TimeSpan.FromSeconds(at)) }));
        return new() { EventNumber = number, Update = update };
    }

    private static StreamLiveResponse Final(long number, int utterance, string text, long position) => new()
    {
        EventNumber = number,
        Final = new()
        {
            Segment = new() { Index = utterance, Text = text },
            Checkpoint = new() { Position = position, UtteranceCount = utterance + 1, Offset = Duration.FromTimeSpan(TimeSpan.FromSeconds(position / Second)) },
        },
    };

    private static StreamLiveResponse At(StreamLiveResponse message, double received, double committed)
    {
        message.Progress = new()
        {
            AudioReceived = Duration.FromTimeSpan(TimeSpan.FromSeconds(received)),
            AudioCommitted = Duration.FromTimeSpan(TimeSpan.FromSeconds(committed)),
        };
        return message;
    }
}
