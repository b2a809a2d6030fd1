using WhisperMesh.Whisper.Alignment;

namespace WhisperMesh.Whisper.Tests.Alignment;

public sealed class QuietEdgesTests
{
    private static readonly QuietEdges Edges = new([.. new float[16_000], .. Enumerable.Repeat(0.5f, 8_000), .. new float[8_000]]);

    [Theory]
    [InlineData(0, 2, 1, 1.5)]
    [InlineData(1.1, 1.2, 1.1, 1.2)]
    [InlineData(1.25, 2, 1.25, 1.5)]
    [InlineData(0.1, 0.6, 0.1, 0.6)]
    [InlineData(1.9, 5, 1.9, 5)]
    public void Trim_Stretch_KeepsWhatSounds(double start, double end, double from, double to) =>
        Edges.Trim(start, end).ShouldBe((from, to));
}
