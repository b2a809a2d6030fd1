using WhisperMesh.Router.Quality;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Quality;

public sealed class ResultQualityTests
{
    private static readonly QualitySettings Settings = new();

    [Fact]
    public void Of_NoText_IsNotDoubtful()
    {
        var quality = ResultQuality.Of([], new QualitySettings { MinConfidence = 0.9 });

        (quality.IsDoubtful, quality.Seconds, quality.DoubtfulSeconds, quality.Confidence).ShouldBe((false, 0, 0, 1));
    }

    [Fact]
    public void Of_SomeDoubtful_CountsTheirSeconds()
    {
        var quality = ResultQuality.Of(
            [Segment(2), Segment(3, SegmentVerdict.SuspectedLoop), Segment(1, SegmentVerdict.LowConfidence), Segment(1, SegmentVerdict.SuspectedLoop)],
            Settings);

        (quality.Seconds, quality.DoubtfulSeconds).ShouldBe((7, 5));
        quality.Doubts.ShouldBe(["suspected_loop", "low_confidence"]);
        (quality.IsOtherLanguage, quality.IsSilence).ShouldBe((false, false));
    }

    [Fact]
    public void Of_VerdictsNamed_OnlyTheseCount()
    {
        var quality = ResultQuality.Of(
            [Segment(3, SegmentVerdict.SuspectedLoop), Segment(1, SegmentVerdict.LanguageMismatch)],
            new QualitySettings { Verdicts = ["language_mismatch"] });

        (quality.DoubtfulSeconds, quality.IsOtherLanguage).ShouldBe((1, true));
        quality.Doubts.ShouldBe(["language_mismatch"]);
    }

    [Fact]
    public void Of_Means_AreWeightedByLength()
    {
        var quality = ResultQuality.Of(
            [Segment(3, confidence: 0.9f, logProbability: -0.1f), Segment(1, confidence: 0.5f, logProbability: -0.9f)], Settings);

        quality.Confidence.ShouldBe(0.8, 1e-6);
        quality.LogProbability.ShouldBe(-0.3, 1e-6);
    }

    [Theory]
    [InlineData(0.79, false, 0)]
    [InlineData(0.81, true, 4)]
    public void Of_MeanConfidenceBelowTheLeast_AllIsDoubtful(double least, bool doubtful, double seconds)
    {
        var quality = ResultQuality.Of(
            [Segment(3, confidence: 0.9f), Segment(1, confidence: 0.5f)], new QualitySettings { MinConfidence = least });

        (quality.IsDoubtful, quality.DoubtfulSeconds).ShouldBe((doubtful, seconds));
        quality.Doubts.ShouldBe(doubtful ? ["min_confidence"] : []);
    }

    [Fact]
    public void IsBetterThan_FewerDoubtfulSeconds_Wins()
    {
        var two = Quality(Segment(2, SegmentVerdict.LowConfidence, logProbability: -0.1f), Segment(8));
        var one = Quality(Segment(1, SegmentVerdict.SuspectedLoop, logProbability: -0.9f), Segment(9, logProbability: -0.9f));

        (one.IsBetterThan(two), two.IsBetterThan(one)).ShouldBe((true, false));
    }

    [Fact]
    public void IsBetterThan_AsManyDoubtfulSeconds_TheMeanLogProbabilityDecides()
    {
        var likelier = Quality(Segment(2, SegmentVerdict.LowConfidence, logProbability: -1.1f), Segment(2, logProbability: -0.2f));
        var other = Quality(Segment(2, SegmentVerdict.LowConfidence, logProbability: -1.2f), Segment(2, logProbability: -0.2f));

        (likelier.IsBetterThan(other), other.IsBetterThan(likelier)).ShouldBe((true, false));
    }

    [Fact]
    public void IsBetterThan_Equal_IsNotBetter()
    {
        var quality = Quality(Segment(2, SegmentVerdict.LowConfidence));

        quality.IsBetterThan(quality).ShouldBeFalse();
    }

    [Fact]
    public void IsBetterThan_NoTextBesideDoubtfulText_IsWorse()
    {
        var (none, some) = (Quality(), Quality(Segment(2, SegmentVerdict.LowConfidence), Segment(2, SegmentVerdict.SuspectedSilence)));

        (none.IsBetterThan(some), some.IsBetterThan(none)).ShouldBe((false, true));
    }

    [Fact]
    public void IsBetterThan_NoTextBesideWhatMayBeMadeUpInSilence_IsBetter()
    {
        var (none, madeUp) = (Quality(), Quality(Segment(2, SegmentVerdict.SuspectedSilence)));

        (none.IsBetterThan(madeUp), madeUp.IsBetterThan(none)).ShouldBe((true, false));
    }

    [Fact]
    public void IsBetterThan_NeitherHasText_IsNotBetter() => Quality().IsBetterThan(Quality()).ShouldBeFalse();

    [Theory]
    [InlineData(SegmentVerdict.Ok, 0.9f, false)]
    [InlineData(SegmentVerdict.SuspectedLoop, 0.9f, true)]
    [InlineData(SegmentVerdict.Ok, 0.2f, true)]
    public void Drops_DoubtfulVerdictOrLowConfidence_InADoubtfulWhole(SegmentVerdict verdict, float confidence, bool dropped)
    {
        var settings = new QualitySettings { MinConfidence = 0.5 };
        var segment = Segment(1, verdict, confidence);

        ResultQuality.Of([segment, Segment(5, confidence: 0.3f)], settings).Drops(segment, settings).ShouldBe(dropped);
    }

    [Fact]
    public void Drops_LowConfidenceInASureWhole_Stays()
    {
        var settings = new QualitySettings { MinConfidence = 0.5 };
        var segment = Segment(1, confidence: 0.2f);

        ResultQuality.Of([segment, Segment(5, confidence: 0.9f)], settings).Drops(segment, settings).ShouldBeFalse();
    }

    private static ResultQuality Quality(params TranscriptSegment[] segments) => ResultQuality.Of(segments, Settings);

    private static TranscriptSegment Segment(
        double seconds, SegmentVerdict verdict = SegmentVerdict.Ok, float confidence = 0.9f, float logProbability = -0.25f)
    {
        var segment = Events.Plain(0, 0, seconds, "text");
        (segment.Verdict, segment.Confidence, segment.AverageLogProbability) = (verdict, confidence, logProbability);
        return segment;
    }
}
