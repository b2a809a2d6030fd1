using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Router.Captions;
using WhisperMesh.Router.Captions.Shaping;

namespace WhisperMesh.Router.Tests.Captions.Shaping;

/// <summary>What holds for captions whatever is said.</summary>
public sealed class CaptionShaperProperties
{
    private static readonly CaptionOptions Options = new();

    [Fact]
    public void Captions_AnySpeech_LoseAndDoubleNoText() => ForAll((words, captions) =>
    {
        var said = string.Concat(words.Select(word => word.Text));
        Bare(string.Concat(captions.Select(caption => caption.Text))).ShouldBe(Bare(said));
        Bare(string.Concat(captions.SelectMany(caption => caption.Lines))).ShouldBe(Bare(said));
        var joined = string.Concat(captions.Select(caption => (caption.Spaced ? " " : "") + caption.Text));
        joined.ShouldBe(string.Join(' ', said.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    });

    [Fact]
    public void Captions_AnySpeech_KeepLinesAndLengths() => ForAll((_, captions) =>
    {
        foreach (var caption in captions)
        {
            caption.Lines.Length.ShouldBeInRange(1, Options.Lines);
            foreach (var line in caption.Lines)
            {
                (TextWidth.Of(line) <= Options.LineLength && line.Trim() == line && line.Length > 0).ShouldBeTrue(line);
            }
        }
    });

    [Fact]
    public void Captions_AnySpeech_KeepTheirOrderAndDoNotOverlap() => ForAll((_, captions) =>
    {
        for (var i = 1; i < captions.Count; i++)
        {
            captions[i].Id.ShouldBe(captions[i - 1].Id + 1);
            captions[i].Start.ShouldBeGreaterThanOrEqualTo(captions[i - 1].End + Options.MinimumGap);
        }
    });

    [Fact]
    public void Captions_AnySpeech_StayAsLongAsTheyTakeToRead() => ForAll((_, captions) =>
    {
        for (var i = 0; i < captions.Count; i++)
        {
            var caption = captions[i];
            var length = caption.End - caption.Start;
            length.ShouldBeInRange(Options.MinimumDuration, Options.MaximumDuration);
            var reading = TimeSpan.FromSeconds(TextWidth.Of(caption.Text) / Options.CharactersPerSecond);
            var hurried = i + 1 < captions.Count && captions[i + 1].Start == caption.End + Options.MinimumGap;
            (length >= reading || length == Options.MaximumDuration || hurried).ShouldBeTrue($"{caption}");
        }
    });

    [Fact]
    public void Settled_AnySpeech_IsNeverGoneBackOn() => Prop.ForAll(Speech.Any, words =>
    {
        var shaper = new CaptionShaper(Options);
        List<Caption> told = [];
        var settled = TimeSpan.Zero;
        foreach (var word in words)
        {
            var complete = shaper.Add(word);
            told.AddRange(complete);
            complete.All(caption => caption.Start >= settled).ShouldBeTrue();
            if (shaper.Advance(word.End) is { } paused)
            {
                told.Add(paused);
                paused.Start.ShouldBeGreaterThanOrEqualTo(settled);
            }

            shaper.Settled.ShouldBeGreaterThanOrEqualTo(settled);
            settled = shaper.Settled;
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Restore_AtAnyWord_GoesOnAsIfUnbroken() => Prop.ForAll(Speech.Any, words =>
    {
        var whole = Run(words);
        var first = new CaptionShaper(Options);
        List<Caption> told = [];
        foreach (var word in words.Take(words.Length / 2))
        {
            told.AddRange(first.Add(word));
        }

        var second = new CaptionShaper(Options);
        second.Restore(first.Last, first.OpenWords, first.Settled, first.LastWordEnd, first.BeginsUtterance);
        foreach (var word in words.Skip(words.Length / 2))
        {
            told.AddRange(second.Add(word));
        }

        if (second.EndUtterance() is { } last)
        {
            told.Add(last);
        }

        Bare(string.Concat(told.Select(caption => caption.Text))).ShouldBe(Bare(string.Concat(whole.Select(caption => caption.Text))));
        told.Select(caption => caption.Id).ShouldBe(Enumerable.Range(1, told.Count).Select(id => (long)id));
    }).QuickCheckThrowOnFailure();

    private static void ForAll(Action<SpokenWord[], List<Caption>> holds) =>
        Prop.ForAll(Speech.Any, words => holds(words, Run(words))).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    /// <summary>The captions as they stand in the end.</summary>
    private static List<Caption> Run(SpokenWord[] words)
    {
        var shaper = new CaptionShaper(Options);
        List<Caption> captions = [];
        foreach (var word in words)
        {
            captions.AddRange(shaper.Add(word));
        }

        if (shaper.EndUtterance() is { } last)
        {
            captions.Add(last);
        }

        var timing = new CaptionTiming(Options);
        for (var i = 0; i + 1 < captions.Count; i++)
        {
            captions[i] = captions[i] with { End = timing.EndBefore(captions[i], captions[i + 1].Start) };
        }

        return captions;
    }

    private static string Bare(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
}
