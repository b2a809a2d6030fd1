using WhisperMesh.Transcription.Requests;
using WhisperMesh.Whisper;
using WireVerdict = WhisperMesh.Speech.V1.SegmentVerdict;

namespace WhisperMesh.Transcription.Tests;

public sealed class SegmentMapperTests
{
    private static readonly TranscriptSegment Segment = new()
    {
        Index = 3,
        Start = TimeSpan.FromSeconds(1),
        Duration = TimeSpan.FromSeconds(2),
        Text = " Hi.",
        Tokens = [17155, 13],
        LogProbabilities = [-0.25f, -0.5f],
        AverageLogProbability = -0.375f,
        NoSpeechProbability = 0.125f,
        CompressionRatio = 1.5f,
        Temperature = 0.5f,
        Language = "en",
    };

    [Theory]
    [InlineData(SegmentVerdict.Ok, WireVerdict.Ok)]
    [InlineData(SegmentVerdict.SuspectedSilence, WireVerdict.SuspectedSilence)]
    [InlineData(SegmentVerdict.SuspectedLoop, WireVerdict.SuspectedLoop)]
    [InlineData(SegmentVerdict.LowConfidence, WireVerdict.LowConfidence)]
    [InlineData(SegmentVerdict.LanguageMismatch, WireVerdict.LanguageMismatch)]
    public void Map_Verdict_HasItsName(SegmentVerdict verdict, WireVerdict expected) =>
        SegmentMapper.Map(Segment with { Verdict = verdict }, speller: null).Verdict.ShouldBe(expected);

    [Fact]
    public void Map_EveryVerdictOfTheEngine_HasOneInTheContract() =>
        Enum.GetValues<SegmentVerdict>()
            .Select(verdict => SegmentMapper.Map(Segment with { Verdict = verdict }, speller: null).Verdict)
            .ShouldBe(Enum.GetValues<WireVerdict>().Where(verdict => verdict != WireVerdict.Unspecified));

    [Fact]
    public void Map_Channel_IsSetOnlyWhereThereIsOne()
    {
        SegmentMapper.Map(Segment, speller: null).HasChannel.ShouldBeFalse();
        var first = SegmentMapper.Map(Segment with { Channel = 0 }, speller: null);
        (first.HasChannel, first.Channel).ShouldBe((true, 0));
    }

    [Fact]
    public void Map_Tokens_KeepTheirProbabilitiesAndNoBytesUnasked()
    {
        var mapped = SegmentMapper.Map(Segment, speller: null);

        mapped.Tokens.ShouldBe([17155, 13]);
        mapped.TokenLogProbabilities.ShouldBe([-0.25f, -0.5f]);
        mapped.TokenBytes.ShouldBeEmpty();
    }
}
