using System.Text;
using Google.Protobuf;
using WhisperMesh.Router.Live;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Live;

public sealed class LiveTailTests
{
    private static readonly LiveFormat Bytes = new(1, 8000);

    private readonly LiveTail _tail = new(Bytes, 0);

    [Fact]
    public void Acknowledge_InTheMiddleOfAMessage_KeepsTheRest()
    {
        Say("one. two");

        _tail.Acknowledge(4, EndpointReason.Pause);

        _tail.Start.ShouldBe(4);
        Rest().ShouldBe(["4: two"]);
    }

    [Fact]
    public void Acknowledge_WhileSomebodyReads_TheReaderKeepsItsPlace()
    {
        Say("one.");
        Say("two.");
        Say("three");
        var number = 0L;
        Next(ref number).ShouldBe("0:one.");
        Next(ref number).ShouldBe("4:two.");

        _tail.Acknowledge(6, EndpointReason.Pause);

        Next(ref number).ShouldBe("8:three");
        Rest().ShouldBe(["6:o.", "8:three"]);
    }

    [Fact]
    public void Acknowledge_UtteranceThatACommitEnded_TheCommitIsDoneThoughItsPlaceIsRoundedDown()
    {
        Say("words");
        Mark(LiveItemKind.Commit);
        Say("more");

        _tail.Acknowledge(3, EndpointReason.Commit);

        Rest().ShouldBe(["3:ds", "5:more"]);
    }

    [Fact]
    public void Acknowledge_UtteranceThatAPauseEnded_TheCommitAtItsEndIsStillToBeDone()
    {
        Say("words");
        Mark(LiveItemKind.Commit);

        _tail.Acknowledge(5, EndpointReason.Pause);

        Rest().ShouldBe(["5:Commit"]);
    }

    [Fact]
    public void Acknowledge_FirstOfTwoCommits_TheSecondStays()
    {
        Say("a");
        Mark(LiveItemKind.Commit);
        Mark(LiveItemKind.Commit);

        _tail.Acknowledge(1, EndpointReason.Commit);

        Rest().ShouldBe(["1:Commit"]);
    }

    [Fact]
    public void Acknowledge_End_IsNeverForgotten()
    {
        Say("a");
        Mark(LiveItemKind.End);

        _tail.Acknowledge(1, EndpointReason.EndOfAudio);

        Rest().ShouldBe(["1:End"]);
    }

    [Fact]
    public void Shorten_TooMuch_GivesUpTheOldestAndSaysHowMuch()
    {
        Say("0123456789");
        Mark(LiveItemKind.Commit);
        Say("abcdefghij");

        _tail.Shorten(15).ShouldBe(5);
        Rest().ShouldBe(["5:56789", "10:Commit", "10:abcdefghij"]);
        _tail.Shorten(4).ShouldBe(11);
        Rest().ShouldBe(["16:ghij"]);
        _tail.Shorten(4).ShouldBe(0);
    }

    [Theory]
    [InlineData(2, 16_000, 3, 4)] // every sample is one of the engine's
    [InlineData(2, 48_000, 3, 6)] // each third frame
    [InlineData(2, 44_100, 3, 882)] // each 441st
    [InlineData(1, 8000, 3, 3)]
    public void AlignUp_AnyRate_IsAPlaceThatTheEngineHasAsWell(int frame, int rate, long place, long aligned)
    {
        var format = new LiveFormat(frame, rate);

        format.AlignUp(place).ShouldBe(aligned);
        (format.TimeOf(aligned).Ticks % (TimeSpan.TicksPerSecond / 16_000)).ShouldBe(0);
    }

    private void Say(string text) => _tail.Add(new LiveItem(LiveItemKind.Audio, _tail.End, ByteString.CopyFrom(text, Encoding.ASCII)));

    private void Mark(LiveItemKind kind) => _tail.Add(new LiveItem(kind, _tail.End));

    private List<string> Rest()
    {
        var (number, rest) = (0L, new List<string>());
        while (_tail.TryTake(ref number, out var item))
        {
            rest.Add(Describe(item));
        }

        return rest;
    }

    private string Next(ref long number) => _tail.TryTake(ref number, out var item) ? Describe(item) : "nothing";

    private static string Describe(LiveItem item) =>
        $"{item.Position}:{(item.Kind == LiveItemKind.Audio ? item.Data.ToStringUtf8() : item.Kind.ToString())}";
}
