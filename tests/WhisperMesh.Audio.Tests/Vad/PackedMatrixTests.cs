using WhisperMesh.Audio.Vad;

namespace WhisperMesh.Audio.Tests.Vad;

/// <summary>Products against the sum by its definition, with both widths of registers on any processor.</summary>
public sealed class PackedMatrixTests
{
    private const int Depth = 37;
    private const int Width = 128;

    private static readonly RowGrid Inputs = new(1, Depth);
    private static readonly RowGrid Outputs = new(1, Width);
    private static readonly float[] Weights = Values(Depth * Width, 1);
    private static readonly float[] Bias = Values(Width, 2);

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(64)]
    public void Multiply_AnyCountOfRows_GivesTheSums(int rowCount)
    {
        var input = Values(rowCount * Depth, 3);
        float[] expected = [.. Enumerable.Range(0, rowCount * Width).Select(i => Bias[i % Width] + Sum(input, i / Width, i % Width))];

        foreach (var isWide in new[] { true, false })
        {
            var output = new float[rowCount * Width];
            Matrix(isWide).Multiply(input, Inputs, output, Outputs, rowCount);
            output.ShouldBe(expected, 1e-4);

            Matrix(isWide).Multiply(input, Inputs, output, Outputs, rowCount, least: 0);
            output.ShouldBe(expected.Select(value => Math.Max(0, value)), 1e-4);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Multiply_OverlappingVectors_FollowsTheGrid(bool isWide)
    {
        // Two chunks of 50 floats, each with three vectors that begin 5 floats apart.
        var input = Values(100, 4);
        var output = new float[6 * Width];

        Matrix(isWide).Multiply(input, new RowGrid(3, 50, 5), output, Outputs, 6);

        output[(5 * Width) + 9].ShouldBe(Bias[9] + Sum(input[60..], 0, 9), tolerance: 1e-4f);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AddProduct_Sums_AreAddedTo(bool isWide)
    {
        var input = Values(Depth, 5);
        var sums = Values(Width, 6);
        float[] expected = [.. Enumerable.Range(0, Width).Select(i => sums[i] + Sum(input, 0, i))];

        Matrix(isWide).AddProduct(input, sums);

        sums.ShouldBe(expected, 1e-4);
    }

    [Fact]
    public void Multiply_TooLittleRoom_IsRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Matrix(false).Multiply(new float[Depth], Inputs, new float[2 * Width], Outputs, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => Matrix(false).Multiply(new float[2 * Depth], Inputs, new float[Width], Outputs, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => Matrix(false).AddProduct(new float[Depth - 1], new float[Width]));
    }

    private static PackedMatrix Matrix(bool isWide) =>
        new(Depth, Width, (input, output) => Weights[(input * Width) + output], Bias, isWide);

    private static float Sum(float[] input, int row, int output) =>
        Enumerable.Range(0, Depth).Sum(i => input[(row * Depth) + i] * Weights[(i * Width) + output]);

    private static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
