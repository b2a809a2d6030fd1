using Google.Protobuf.WellKnownTypes;
using Spectre.Console;
using Spectre.Console.Rendering;
using WhisperMesh.Cli.Live.Captions;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Tests;

public sealed class CaptionScreenTests
{
    private readonly CaptionText _text = new();
    private readonly CaptionScreen _screen = new();

    [Fact]
    public void Paint_WordsAndTentative_AreFirmAndFaint()
    {
        Say(0, [" Good", " morning"], " every");

        var segments = _screen.Paint(_text, 80, 24);

        Rows(segments).ShouldBe(["Good morning every", "0:03 · lag 1.5 s · en"]);
        segments.Where(segment => segment.Style.Decoration == Decoration.Dim).Select(segment => segment.Text).ShouldBe([" every", "0:03 · lag 1.5 s · en"]);
        segments.Single(segment => segment.Text == "Good morning").Style.ShouldBe(Style.Plain);
    }

    [Fact]
    public void Paint_Again_ReplacesTheRowsPaintedBefore()
    {
        Say(0, [" one two three four"], "");
        _screen.Paint(_text, 11, 24)[0].Text.ShouldBe("");

        _screen.Paint(_text, 11, 24)[0].Text.ShouldBe("\r\e[2A\e[0J");
    }

    [Fact]
    public void Paint_TerminalMadeNarrower_TakesAwayTheRowsThatLinesTakeNow()
    {
        Say(0, [" a line of thirty-two characters"], "");
        _screen.Paint(_text, 80, 24);

        // 31 and 21 cells in 10 columns: 4 rows and 3.
        _screen.Paint(_text, 10, 24)[0].Text.ShouldBe("\r\e[6A\e[0J");
    }

    [Fact]
    public void Paint_UtteranceOver_GoesUpOnceAndIsNotReplaced()
    {
        Say(0, [" Good morning."], "");
        _screen.Paint(_text, 80, 24);
        _text.Apply(new() { Final = new() { Segment = new() { Index = 0, Text = "Good morning." } } });

        Rows(_screen.Paint(_text, 80, 24)).ShouldBe(["Good morning.", "0:03 · lag 1.5 s · en"]);
        Rows(_screen.Paint(_text, 80, 24)).ShouldBe(["0:03 · lag 1.5 s · en"]);
    }

    [Fact]
    public void Paint_MoreThanTheWindowHolds_ShowsTheEnd()
    {
        Say(0, [.. Enumerable.Range(0, 50).Select(number => $" word{number}")], "");

        var rows = Rows(_screen.Paint(_text, 20, 6));

        rows.Length.ShouldBe(5);
        rows[3].ShouldEndWith("word49");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(5, 2)]
    public void Paint_TinyTerminal_NeverWritesIntoTheLastColumn(int width, int height)
    {
        Say(0, [" Good", " morning", " 日本語のテスト"], " 👩‍👩‍👧 e\u0301te\u0301");

        Rows(_screen.Paint(_text, width, height)).ShouldAllBe(row => CellWrap.Cells(row) <= Math.Max(2, width - 1));
    }

    [Fact]
    public void Paint_Last_LeavesTheCommittedWordsAndNoStatus()
    {
        Say(0, [" Good"], " morn");
        _screen.Paint(_text, 80, 24);

        Rows(_screen.Paint(_text, 80, 24, isLast: true)).ShouldBe(["Good", ""]);
    }

    [Fact]
    public void Apply_TextThatSteersTerminals_IsDisarmed()
    {
        Say(0, [" a\e[2J\u0007b\u202Ec"], "\nd");

        (_text.Committed + _text.Tentative).ShouldBe("a [2J bc d");
    }

    [Fact]
    public void Apply_NotesOnTheStream_AreShownOnce()
    {
        _text.Apply(new() { Started = new() { Model = "whisper-base", Warnings = { "No such word." } } });
        _text.Apply(new() { Status = new() { Message = "The worker was lost.", Load = LiveLoad.Busy, LostAudio = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)) } });
        _text.Apply(new() { Summary = new() { Warnings = { "No such word." }, Model = "whisper-base", UtteranceCount = 3 } });

        _text.TakeDone().Select(line => line.Text).ShouldBe([
            "warning: No such word.",
            "The worker was lost.",
            "warning: 2.0 s of audio are lost to the text.",
            "0.0 s heard, 0.0 s of it speech, in 3 utterances, by whisper-base.",
        ]);
        _text.Status.ShouldBe("0:00 · lag 0.0 s · busy · whisper-base");
    }

    [Fact]
    public void Apply_TwoUtterancesOpen_ShowsBothInOrder()
    {
        Say(0, [" one"], " tw");
        Say(1, [" two"], " thr");

        (_text.Committed + _text.Tentative).ShouldBe("one two thr");
    }

    [Fact]
    public async Task CaptionOutput_InATerminal_WritesEachPaintingAtOnce()
    {
        var writer = new CountingWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 40;

        await using (var output = new CaptionOutput(console))
        {
            await output.WriteAsync(Update(0, [" Good"], " morning"));
            await output.WriteAsync(new() { Final = new() { Segment = new() { Index = 0, Text = "Good morning." } } });
        }

        writer.Writes.ShouldBe(3);
        writer.ToString().ShouldContain("Good\e[2m morning\e[0m\n");
        writer.ToString().ShouldContain("\r\e[1A\e[0JGood morning.\n");
    }

    private void Say(int utterance, string[] words, string tentative) => _text.Apply(Update(utterance, words, tentative));

    private static StreamLiveResponse Update(int utterance, string[] words, string tentative) => new()
    {
        Progress = new() { AudioReceived = Duration.FromTimeSpan(TimeSpan.FromSeconds(3)), AudioCommitted = Duration.FromTimeSpan(TimeSpan.FromSeconds(1.5)) },
        Update = new()
        {
            UtteranceIndex = utterance,
            Words = { words.Select(word => new LiveWord { Text = word }) },
            TentativeText = tentative,
            LanguageCode = "en",
        },
    };

    private static string[] Rows(IEnumerable<Segment> segments) =>
        string.Concat(segments.Where(segment => !segment.IsControlCode).Select(segment => segment.IsLineBreak ? "\n" : segment.Text)).Split('\n');

    private sealed class CountingWriter : StringWriter
    {
        internal int Writes { get; private set; }

        public override Task WriteAsync(string? value)
        {
            Writes++;
            return base.WriteAsync(value);
        }
    }
}
