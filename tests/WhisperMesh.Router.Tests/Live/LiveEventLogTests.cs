using WhisperMesh.Router.Live;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Live;

public sealed class LiveEventLogTests
{
    [Fact]
    public void Add_Events_NumbersThemFromOneOrFromWhereAnotherRouterWas()
    {
        var (log, later) = (new LiveEventLog(10), new LiveEventLog(10, lastNumber: 7));
        log.Add(Word("a"));
        later.Add(Word("a"));

        log.After(0)!.EventNumber.ShouldBe(1);
        later.After(7)!.EventNumber.ShouldBe(8);
    }

    [Fact]
    public void After_ReaderIsBehind_OldTentativeTextAndSignsOfLifeAreLeftOut()
    {
        var log = new LiveEventLog(100);
        log.Add(Tentative("a"));
        log.Add(Word("a"));
        log.Add(Status(""));
        log.Add(Status("lost"));
        log.Add(Tentative("b"));
        log.Add(Status(""));

        ReadAll(log).ShouldBe([2, 4, 5, 6]);
    }

    [Fact]
    public void Add_MoreThanMayBeKept_WordsAreTheLastToGo()
    {
        var log = new LiveEventLog(20);
        for (var i = 0; i < 15; i++)
        {
            log.Add(Word($"{i}"));
            log.Add(Tentative("?"));
        }

        log.Lost.ShouldBe(0);
        ReadAll(log).Count(number => number % 2 == 1).ShouldBe(15);
    }

    [Fact]
    public void Add_MoreWordsThanMayBeKept_SaysUpToWhereTheyAreGone()
    {
        var log = new LiveEventLog(20);
        for (var i = 0; i < 100; i++)
        {
            log.Add(Word($"{i}"));
        }

        log.Lost.ShouldBeInRange(80, 90);
        log.After(0)!.EventNumber.ShouldBe(log.Lost + 1);
        log.Last.ShouldBe(100);
    }

    private static List<long> ReadAll(LiveEventLog log)
    {
        var numbers = new List<long>();
        while (log.After(numbers.LastOrDefault()) is { } message)
        {
            numbers.Add(message.EventNumber);
        }

        return numbers;
    }

    private static StreamLiveResponse Word(string text) => new() { Update = new LiveUpdate { Words = { new LiveWord { Text = text } } } };

    private static StreamLiveResponse Tentative(string text) => new() { Update = new LiveUpdate { TentativeText = text } };

    private static StreamLiveResponse Status(string message) => new() { Status = new LiveStatus { Message = message } };
}
