using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Whisper.Alignment;

namespace WhisperMesh.Whisper.Tests.Alignment;

public sealed class WordPlacesTests
{
    // Sound from 0.5 to 1.5 s and from 2.5 to 3.5 s, in 4 s.
    private static readonly Pauses Found = new([.. Enumerable.Range(0, 64_000).Select(i =>
        i % 32_000 is >= 8_000 and < 24_000 ? 0.5f * MathF.Sin(i * 0.3f) : 0)]);

    [Fact]
    public void Find_TwoSentences_BeginAndEndWithTheirSound() =>
        Find(3.3, (" One", 0, 0.9), (" two.", 0.9, 1.3), (" Three", 1.8, 3), (" four.", 3, 3.3))
            .ShouldBe([(0.5, 0.9), (0.9, 1.5), (2.5, 3), (3, 3.5)]);

    [Fact]
    public void Find_WordsWithinThePause_GetTimeOfTheSoundAfterIt()
    {
        var places = Find(3.3, (" One", 0, 1.3), (" two", 1.6, 2), (" three", 2, 2.4), (" four", 2.4, 3.3));

        places[0].ShouldBe((0.5, 1.5));
        places[1].Start.ShouldBe(2.5);
        places[3].End.ShouldBe(3.5);
        places.ShouldAllBe(place => place.End - place.Start > 0.1);
    }

    [Fact]
    public void Find_NoPauseButALongOpening_TakesTheRestFromTheStart()
    {
        Pauses none = new([.. Enumerable.Range(0, 160_000).Select(i => 0.5f * MathF.Sin(i * 0.3f))]);
        AlignedWord[] words = [new(" a", 0, 0.4), new(" b.", 0.4, 0.8), new(" C", 0.8, 4), new(" d", 4, 4.4)];

        var places = WordPlaces.Find(words, 4.4, none);

        places[2].Start.ShouldBe(3.2, 1e-9);
        places[2].End.ShouldBe(4);
        places[1].End.ShouldBe(1.1, 1e-9);
    }

    [Fact]
    public void Find_PauseWithinAWordThatOpensASegment_BelongsBeforeIt()
    {
        AlignedWord[] words = [new(" one", 0, 1.2), new(" to", 1.2, 2.7, SegmentStart: 1.9), new(" two", 2.7, 3.3)];

        var places = WordPlaces.Find(words, 3.3, Found);

        places[0].ShouldBe((0.5, 1.5));
        places[1].Start.ShouldBe(2.5);
    }

    [Fact]
    public void Find_NoWords_IsEmpty() => Find(0).ShouldBeEmpty();

    [Fact]
    public void Find_AnyAlignment_IsInOrderInsideTheWindowAndGivesEachWordTime() => Prop.ForAll(
        Gen.Choose(0, 200).NonEmptyListOf().ToArbitrary(), ArbMap.Default.ArbFor<int>(), (cuts, seed) =>
        {
            // Boundaries anywhere in the window, in order, with gaps for punctuation now and then.
            double[] times = [.. cuts.Concat(cuts).Order().Select(cut => cut * 0.02)];
            AlignedWord[] words = [.. times.Chunk(2).Select((pair, i) => new AlignedWord(i % 3 == seed % 3 ? " w." : " word", pair[0], pair[1]))];
            var places = WordPlaces.Find(words, words[^1].End, Found);
            return places[0].Start >= 0 && places[^1].End <= 4.001
                && places.All(place => place.Start <= place.End)
                && places.Zip(places.Skip(1)).All(pair => pair.First.End <= pair.Second.Start + 1e-9);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static (double Start, double End)[] Find(double textEnd, params (string Text, double Start, double End)[] words) =>
        WordPlaces.Find([.. words.Select(word => new AlignedWord(word.Text, word.Start, word.End))], textEnd, Found);
}
