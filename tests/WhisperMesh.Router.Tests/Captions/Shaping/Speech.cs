using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Router.Captions.Shaping;

namespace WhisperMesh.Router.Tests.Captions.Shaping;

/// <summary>Words as somebody might say them.</summary>
internal static class Speech
{
    private static readonly string[] Vocabulary =
    [
        " a", " I", " the", " captions", " and", " of", " understand", " Mr.", " end.", " yes,", " no?", " well:", " don", "'t", " e\u0301te\u0301",
        " 3.5", " \U0001F469\u200D\U0001F680", " 한국어", "字幕", "は", "見", "やすく", "。", "、", "「", "ภาษาไทย", " line-up", " \"Stop!\"", " \u0645\u0631\u062D\u0628\u0627",
        " Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen", " www.example.org/a/very/long/address/that/no/line/can/hold?and=more",
        " ", "", "\n", " two words",
    ];

    /// <summary>Any words at any pace, in order but for the jitter of a model's word times.</summary>
    public static Arbitrary<SpokenWord[]> Any { get; } = Arb.From(
        from gaps in Gen.ArrayOf(
            from index in Gen.Choose(0, Vocabulary.Length - 1)
            from gap in Gen.Frequency((12, Gen.Choose(0, 150)), (2, Gen.Choose(150, 2500)), (1, Gen.Choose(-80, 0)))
            from length in Gen.Frequency((12, Gen.Choose(0, 600)), (1, Gen.Choose(600, 12_000)))
            select (Text: Vocabulary[index], Gap: gap, Length: length))
        select Follow(gaps));

    /// <summary>English at about so many words a minute, with a sentence now and then.</summary>
    public static SpokenWord[] Talk(string text, int wordsPerMinute)
    {
        var length = TimeSpan.FromMinutes(1.0 / wordsPerMinute);
        return [.. text.Split(' ').Select((word, i) => new SpokenWord(" " + word, length * i, length * (i + 1)))];
    }

    private static SpokenWord[] Follow((string Text, int Gap, int Length)[] parts)
    {
        var words = new SpokenWord[parts.Length];
        var at = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            at = Math.Max(0, at + parts[i].Gap);
            words[i] = new SpokenWord(parts[i].Text, TimeSpan.FromMilliseconds(at), TimeSpan.FromMilliseconds(at + parts[i].Length));
            at += parts[i].Length;
        }

        return words;
    }
}
