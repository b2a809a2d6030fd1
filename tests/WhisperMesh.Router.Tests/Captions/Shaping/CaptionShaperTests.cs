using WhisperMesh.Router.Captions;
using WhisperMesh.Router.Captions.Shaping;

namespace WhisperMesh.Router.Tests.Captions.Shaping;

public sealed class CaptionShaperTests
{
    private const string Gettysburg =
        "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in liberty, and dedicated to the "
        + "proposition that all men are created equal. Now we are engaged in a great civil war, testing whether that nation, or any nation so "
        + "conceived and so dedicated, can long endure.";

    [Fact]
    public void Add_Speech_BreaksAtPhrases() =>
        Shape(new CaptionOptions(), Speech.Talk(Gettysburg, 150)).Select(caption => string.Join('|', caption.Lines)).ShouldBe(
            [
                "Four score and seven years ago our fathers|brought forth on this continent,",
                "a new nation, conceived in liberty,|and dedicated to the proposition",
                "that all men are created equal.",
                "Now we are engaged in a great civil war,|testing whether that nation,",
                "or any nation so conceived|and so dedicated, can long endure.",
            ]);

    [Fact]
    public void Add_ShortText_StaysOnOneLine() =>
        Shape(new CaptionOptions(), Speech.Talk("Good evening, and welcome to the show.", 150)).Single().Lines
            .ShouldBe(["Good evening, and welcome to the show."]);

    [Fact]
    public void Add_Japanese_CountsDoubleAndBeginsNoLineWithAMark()
    {
        const string text = "本日はお忙しい中お集まりいただき、誠にありがとうございます。それでは会議を始めたいと思います。";
        SpokenWord[] words = [.. text.Select((character, i) => new SpokenWord($"{character}", Seconds(i * 0.15), Seconds((i + 1) * 0.15)))];

        var lines = Shape(new CaptionOptions(), words).SelectMany(caption => caption.Lines).ToList();

        string.Concat(lines).ShouldBe(text);
        lines.ShouldAllBe(line => line.Length <= 21 && !"、。".Contains(line[0], StringComparison.Ordinal));
    }

    [Fact]
    public void Add_WordLongerThanALine_ComesApartEvenly()
    {
        var word = new string('a', 43) + "/" + new string('b', 20);

        Shape(new CaptionOptions(), [new SpokenWord(word, default, Seconds(2))]).Single().Lines
            .ShouldBe([new string('a', 32), new string('a', 11) + "/" + new string('b', 20)]);
    }

    [Fact]
    public void Add_Graphemes_StayWhole()
    {
        var word = string.Concat(Enumerable.Repeat("e\u0301", 50));

        Shape(new CaptionOptions(), [new SpokenWord(word, default, Seconds(2))]).Single().Lines
            .ShouldAllBe(line => line.StartsWith('e') && line.EndsWith('\u0301'));
    }

    [Fact]
    public void Advance_Pause_CompletesTheCaption()
    {
        var shaper = new CaptionShaper(new CaptionOptions());
        shaper.Add(new SpokenWord(" Well", Seconds(1), Seconds(1.4))).ShouldBeEmpty();
        shaper.Advance(Seconds(2)).ShouldBeNull();

        var caption = shaper.Advance(Seconds(3)).ShouldNotBeNull();

        (caption.Text, caption.Start, caption.End).ShouldBe(("Well", Seconds(1), Seconds(2)));
        shaper.OpenLines.ShouldBeEmpty();
        shaper.Settled.ShouldBe(Seconds(3));
    }

    [Fact]
    public void Add_FastSpeech_LagsNoMoreThanItMay()
    {
        var options = new CaptionOptions();
        var words = Speech.Talk(string.Join(' ', Enumerable.Repeat(Gettysburg, 5)), 320);

        var captions = Shape(options, words);

        var at = 0;
        foreach (var caption in captions)
        {
            (caption.Start - words[at].Start).ShouldBeLessThanOrEqualTo(options.ReadingDelay + TimeSpan.FromMilliseconds(1));
            at += caption.Text.Split(' ').Length;
        }
    }

    [Theory]
    [InlineData("Mr.", false)]
    [InlineData("J.", false)]
    [InlineData("3.5", false)]
    [InlineData("it.", true)]
    [InlineData("said.\"", true)]
    [InlineData("Wirklich?", true)]
    [InlineData("です。", true)]
    public void EndsSentence_Word_IsTold(string word, bool ends) => Phrases.EndsSentence(word).ShouldBe(ends);

    [Theory]
    [InlineData("captions", 8)]
    [InlineData("字幕", 4)]
    [InlineData("한국", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("\U0001F469\u200D\U0001F680", 2)]
    public void Of_Text_IsItsWidth(string text, int width) => TextWidth.Of(text).ShouldBe(width);

    private static List<Caption> Shape(CaptionOptions options, SpokenWord[] words)
    {
        var shaper = new CaptionShaper(options);
        List<Caption> captions = [.. words.SelectMany(shaper.Add)];
        if (shaper.EndUtterance() is { } last)
        {
            captions.Add(last);
        }

        return captions;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
