using WhisperMesh.AppHost.SelfTest;

namespace WhisperMesh.AppHost.Tests;

public sealed class WaveDurationTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1.5);

    [Theory]
    [InlineData(null)]
    [InlineData(uint.MaxValue)]
    public void Of_KnownOrStreamedSize_CountsWhatCame(uint? declared) =>
        WaveDuration.Of(Waves.Create(Duration, declared)).ShouldBe(Duration);

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(20)]
    [InlineData(43)]
    public void Of_CutHeader_IsRefused(int length) =>
        Should.Throw<InvalidDataException>(() => WaveDuration.Of(Waves.Create(Duration).AsSpan(0, length)));

    [Fact]
    public void Of_SomethingElse_IsRefused() => Should.Throw<InvalidDataException>(() => WaveDuration.Of("{\"error\":{}} and more"u8));
}
