using Aspire.Hosting.ResourceService;
using Microsoft.Extensions.Time.Testing;

namespace Aspire.Hosting.Tests;

public sealed class ConsoleTailTests
{
    private readonly ConsoleTail _tail = new(new FakeTimeProvider());

    [Fact]
    public async Task ReadAsync_MoreLinesThanKept_BeginsWithTheOldestKept()
    {
        for (var i = 1; i <= ConsoleTail.MaxLines + 5; i++)
        {
            _tail.Add(ConsoleSource.Output, $"line {i}");
        }

        var lines = await TakeAsync(from: 0, ConsoleTail.MaxLines);

        lines[0].Text.ShouldBe("line 6");
        lines[^1].Number.ShouldBe(ConsoleTail.MaxLines + 5);
    }

    [Fact]
    public async Task ReadAsync_LongLines_StayWithinTheCharacters()
    {
        for (var i = 0; i < 500; i++)
        {
            _tail.Add(ConsoleSource.Error, new string('x', 100_000));
        }

        var kept = ConsoleTail.MaxCharacters / ConsoleTail.MaxLineLength;
        var lines = await TakeAsync(from: 0, kept);

        lines.ShouldAllBe(line => line.Text.Length == ConsoleTail.MaxLineLength);
        lines[0].Number.ShouldBe(500 - kept + 1);
    }

    [Fact]
    public async Task ReadAsync_FromANumber_GivesWhatFollowsAsItComes()
    {
        _tail.Add(ConsoleSource.Output, "one");
        _tail.Add(ConsoleSource.Output, "two");
        var reading = TakeAsync(from: 2, count: 2);
        reading.IsCompleted.ShouldBeFalse();

        _tail.Add(ConsoleSource.Output, "three");

        (await reading.WaitAsync(TestApplication.Bound, TestApplication.Token)).Select(line => line.Text).ShouldBe(["two", "three"]);
    }

    private async Task<List<ConsoleLine>> TakeAsync(long from, int count)
    {
        List<ConsoleLine> lines = [];
        await foreach (var line in _tail.ReadAsync(from, TestApplication.Token).Take(count))
        {
            lines.Add(line);
        }

        return lines;
    }
}
