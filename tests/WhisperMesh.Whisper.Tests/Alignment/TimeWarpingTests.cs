using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Whisper.Alignment;

namespace WhisperMesh.Whisper.Tests.Alignment;

public sealed class TimeWarpingTests
{
    [Fact]
    public void FirstColumns_Diagonal_EntersEachRowOnIt() =>
        TimeWarping.FirstColumns([0, 1, 1, 1, 0, 1, 1, 1, 0], 3, 3).ShouldBe([0, 1, 2]);

    [Fact]
    public void FirstColumns_OneRow_BeginsAtTheStart() => TimeWarping.FirstColumns([3, 1, 2], 1, 3).ShouldBe([0]);

    [Fact]
    public void FirstColumns_MoreRowsThanColumns_SharesColumns() =>
        TimeWarping.FirstColumns([0, 9, 0, 9, 9, 0], 3, 2).ShouldBe([0, 0, 1]);

    [Fact]
    public void FirstColumns_CheapDetourBackwards_IsNotTaken() =>
        TimeWarping.FirstColumns([0, 0, 0, 5, 5, 0, 0, 5, 0], 3, 3).ShouldBe([0, 2, 2]);

    [Fact]
    public void FirstColumns_TokensOfAnyLength_BeginWhereTheirCostIsLow() => Prop.ForAll(
        Gen.Choose(1, 9).NonEmptyListOf().ToArbitrary(),
        lengths =>
        {
            var (rows, columns) = (lengths.Count, lengths.Sum());
            var starts = lengths.Select((_, row) => lengths.Take(row).Sum()).ToArray();
            var cost = new float[rows * columns];
            for (var row = 0; row < rows; row++)
            {
                cost.AsSpan(row * columns + starts[row], lengths[row]).Fill(-1);
            }
            return TimeWarping.FirstColumns(cost, rows, columns).SequenceEqual(starts);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void FirstColumns_AnyCost_BeginsAtTheStartAndNeverGoesBack() => Prop.ForAll(
        Gen.Choose(1, 12).Two().ToArbitrary(), ArbMap.Default.ArbFor<int>(), (size, seed) =>
        {
            var random = new Random(seed);
            float[] cost = [.. Enumerable.Range(0, size.Item1 * size.Item2).Select(_ => random.NextSingle() - 0.5f)];
            var first = TimeWarping.FirstColumns(cost, size.Item1, size.Item2);
            return first.Length == size.Item1 && first[0] == 0 && first.All(c => c >= 0 && c < size.Item2)
                && first.Zip(first.Skip(1)).All(pair => pair.First <= pair.Second);
        }).QuickCheckThrowOnFailure();
}
