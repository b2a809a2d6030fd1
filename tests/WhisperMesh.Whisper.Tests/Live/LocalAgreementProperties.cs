using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Whisper.Tests.Live;

/// <summary>Agreement over passes that hear as a model does: more each time, young words wrong, old ones now and then, places astray.</summary>
public sealed class LocalAgreementProperties
{
    private static readonly Gen<int[]> Seeds = Gen.Choose(0, int.MaxValue - 1).ArrayOf(3);

    [Fact]
    public void Hear_AnyPasses_CommittedWordsStandInOrderAndAllIsCommittedAtTheEnd() => Prop.ForAll(Seeds.ToArbitrary(), seeds =>
    {
        var random = new Random(HashCode(seeds));
        var agreement = new LocalAgreement();
        var committed = new List<HeardWord>();
        for (var pass = 0; pass < 12; pass++)
        {
            var before = committed.ToList();
            var hypothesis = Anything(random);
            committed.AddRange(agreement.Hear(hypothesis, random.Next(60_000)));
            if (random.Next(4) == 0)
            {
                committed.AddRange(agreement.CommitBefore(random.Next(60_000)));
            }
            if (random.Next(4) == 0 && committed.Count > 0)
            {
                agreement.Trim(committed[random.Next(committed.Count)].End);
            }
            committed.Take(before.Count).ShouldBe(before);
        }
        committed.AddRange(agreement.CommitAll());

        agreement.Pending.ShouldBeEmpty();
        committed.ShouldAllBe(word => word.Start <= word.End);
        committed.Zip(committed.Skip(1)).ShouldAllBe(pair => pair.First.End <= pair.Second.Start);
        agreement.CommittedEnd.ShouldBe(committed.Count == 0 ? 0 : committed[^1].End);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Hear_OldWordsHeardRight_EachIsCommittedOnce() => Prop.ForAll(Seeds.ToArbitrary(), seeds =>
    {
        var random = new Random(HashCode(seeds));
        List<HeardWord> truth = [.. Enumerable.Range(0, 30).Select(i => new HeardWord(
            $" {(char)('a' + random.Next(3))}{random.Next(3)}", i * Words.Length, (i + 1) * Words.Length, 1))];
        var agreement = new LocalAgreement();
        var committed = new List<HeardWord>();
        var start = 0;
        for (var heard = random.Next(1, 4); heard < truth.Count; heard += random.Next(1, 4))
        {
            // The last two words are cut off, and heard anyhow.
            List<HeardWord> pass = [.. truth.Skip(start).Take(heard - start).Select((word, i) =>
                Astray(start + i >= heard - 2 ? word with { Text = $" x{random.Next(3)}" } : word, random))];
            committed.AddRange(agreement.Hear(pass, (heard - 2) * Words.Length - 800));
            if (random.Next(3) == 0 && committed.Count > start + 1)
            {
                start = random.Next(start, committed.Count);
                agreement.Trim(start * Words.Length);
            }
        }
        committed.AddRange(agreement.Hear([.. truth.Skip(start).Select(word => Astray(word, random))], long.MaxValue));
        committed.AddRange(agreement.CommitAll());

        Words.Text(committed).ToLowerInvariant().Replace(".", "").ShouldBe(Words.Text(truth));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static List<HeardWord> Anything(Random random)
    {
        var at = (long)random.Next(8_000);
        return [.. Enumerable.Range(0, random.Next(15)).Select(_ =>
        {
            var start = at + random.Next(2_000);
            at = start + random.Next(5_000);
            return new HeardWord($" {(char)('a' + random.Next(4))}", start, at, random.NextSingle());
        })];
    }

    /// <summary>The same word, written and placed a little otherwise.</summary>
    private static HeardWord Astray(HeardWord word, Random random) => word with
    {
        Text = random.Next(3) switch { 0 => word.Text.ToUpperInvariant(), 1 => word.Text + ".", _ => word.Text },
        Start = word.Start + random.Next(-700, 700),
        End = word.End + random.Next(-700, 700),
    };

    private static int HashCode(int[] seeds) => seeds.Aggregate(17, (hash, seed) => unchecked(hash * 31 + seed));
}
