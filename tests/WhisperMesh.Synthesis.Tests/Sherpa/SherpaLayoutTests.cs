using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WhisperMesh.Synthesis.Sherpa;

namespace WhisperMesh.Synthesis.Tests.Sherpa;

// Numbers for 64-bit machines, from c-api.h of sherpa-onnx 1.13 and from the offsets that the 1.13.8 library reads at.
public sealed class SherpaLayoutTests
{
    [Fact]
    public void Library_IsTheVersionThatTheLayoutsAreFor() => SherpaNative.Version.ShouldBe("1.13.8");

    [Fact]
    public void Configs_HaveTheSizesOfTheLibrary()
    {
        Unsafe.SizeOf<SherpaVitsConfig>().ShouldBe(56);
        Unsafe.SizeOf<SherpaTtsConfig>().ShouldBe(448);
        Unsafe.SizeOf<SherpaGenerationConfig>().ShouldBe(56);
    }

    [Theory]
    [InlineData(nameof(SherpaTtsConfig.NumThreads), 56)]
    [InlineData(nameof(SherpaTtsConfig.Debug), 60)]
    [InlineData(nameof(SherpaTtsConfig.Provider), 64)]
    [InlineData(nameof(SherpaTtsConfig.OtherFamilies), 72)]
    [InlineData(nameof(SherpaTtsConfig.RuleFsts), 416)]
    [InlineData(nameof(SherpaTtsConfig.MaxNumSentences), 424)]
    [InlineData(nameof(SherpaTtsConfig.RuleFars), 432)]
    [InlineData(nameof(SherpaTtsConfig.SilenceScale), 440)]
    public void TtsConfig_Field_StandsWhereTheLibraryReads(string field, int offset) =>
        Marshal.OffsetOf<SherpaTtsConfig>(field).ShouldBe(offset);

    [Theory]
    [InlineData(nameof(SherpaVitsConfig.DataDir), 24)]
    [InlineData(nameof(SherpaVitsConfig.NoiseScale), 32)]
    [InlineData(nameof(SherpaVitsConfig.LengthScale), 40)]
    [InlineData(nameof(SherpaVitsConfig.DictDir), 48)]
    public void VitsConfig_Field_StandsWhereTheLibraryReads(string field, int offset) =>
        Marshal.OffsetOf<SherpaVitsConfig>(field).ShouldBe(offset);

    [Theory]
    [InlineData(nameof(SherpaGenerationConfig.Speed), 4)]
    [InlineData(nameof(SherpaGenerationConfig.SpeakerId), 8)]
    [InlineData(nameof(SherpaGenerationConfig.ReferenceAudio), 16)]
    [InlineData(nameof(SherpaGenerationConfig.ReferenceText), 32)]
    [InlineData(nameof(SherpaGenerationConfig.NumSteps), 40)]
    [InlineData(nameof(SherpaGenerationConfig.Extra), 48)]
    public void GenerationConfig_Field_StandsWhereTheLibraryReads(string field, int offset) =>
        Marshal.OffsetOf<SherpaGenerationConfig>(field).ShouldBe(offset);
}
