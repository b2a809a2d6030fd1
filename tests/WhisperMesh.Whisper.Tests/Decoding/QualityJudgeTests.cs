using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class QualityJudgeTests
{
    private readonly QualityJudge _judge = new(new DecodingThresholds());

    [Fact]
    public void Judge_NothingAgainstIt_IsOk() => Judge().ShouldBe(SegmentVerdict.Ok);

    [Fact]
    public void Judge_LoopAtEveryTemperature_IsSuspected()
    {
        Judge(ratio: 2.5f).ShouldBe(SegmentVerdict.SuspectedLoop);
        Judge(ended: false).ShouldBe(SegmentVerdict.SuspectedLoop);
    }

    [Fact]
    public void Judge_NoSpeechHeardButTextIsSure_IsSuspectedSilence() =>
        Judge(noSpeech: 0.7f).ShouldBe(SegmentVerdict.SuspectedSilence);

    [Fact]
    public void Judge_UnlikelyWords_IsLowConfidence() => Judge(logProbability: -1.1f).ShouldBe(SegmentVerdict.LowConfidence);

    [Theory]
    [InlineData(0.02f, 0.95f, SegmentVerdict.LanguageMismatch)]
    [InlineData(0.2f, 0.8f, SegmentVerdict.Ok)]
    [InlineData(0.05f, 0.6f, SegmentVerdict.Ok)]
    public void Judge_OtherLanguageHeard_NeedsToBeClear(float own, float other, SegmentVerdict verdict) =>
        Judge(heard: [new("it", other), new("en", own)]).ShouldBe(verdict);

    [Fact]
    public void IsSilence_NeedsBothNoSpeechAndDoubt()
    {
        _judge.IsSilence(Window(noSpeech: 0.7f, logProbability: -1.2f)).ShouldBeTrue();
        _judge.IsSilence(Window(noSpeech: 0.7f, logProbability: -0.5f)).ShouldBeFalse();
        _judge.IsSilence(Window(noSpeech: 0.5f, logProbability: -1.2f)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(" Thank you.", -0.2f, 0.05f, 0.5, false)]
    [InlineData(" Thank you.", -0.2f, 0.05f, null, false)]
    [InlineData(" Thank you.", -0.2f, 0.4f, 0.5, true)]
    [InlineData(" Thank you.", -0.9f, 0.05f, 0.5, true)]
    [InlineData(" Thank you.", -0.2f, 0.05f, 0.1, true)]
    [InlineData(" Thank you for calling.", -0.9f, 0.5f, 0.1, false)]
    public void IsMadeUp_KnownPhrase_IsLeftOutOnlyWhenLittleSpeaksForIt(
        string text, float logProbability, float noSpeech, double? voiced, bool madeUp) =>
        _judge.IsMadeUp(new SegmentEvidence(text, logProbability, noSpeech, "en", voiced)).ShouldBe(madeUp);

    [Fact]
    public void Judge_CreditThatSoundsReal_IsKeptButSuspected() =>
        Judge(" Subtitles by the Amara.org community").ShouldBe(SegmentVerdict.SuspectedSilence);

    [Fact]
    public void Judge_ThankYouReallySaid_IsOk() => Judge(" Thank you.").ShouldBe(SegmentVerdict.Ok);

    private SegmentVerdict Judge(
        string text = " Please hold.", float logProbability = -0.3f, float noSpeech = 0, float ratio = 1, bool ended = true,
        IReadOnlyList<LanguageProbability>? heard = null) =>
        _judge.Judge(
            Window(logProbability, noSpeech, ratio, ended), new SegmentEvidence(text, logProbability, noSpeech, "en", 1, heard));

    private static RecognizedText Window(float logProbability = -0.3f, float noSpeech = 0, float ratio = 1, bool ended = true) =>
        new(new DecodedText([], [], logProbability, noSpeech, ended), ratio, 0);
}
