namespace WhisperMesh.Whisper.Tests;

public sealed class ChannelMergeTests
{
    private readonly ChannelMerge _merge = new();

    [Fact]
    public void TakeBefore_SegmentsOfTwoChannels_OrdersByStartThenChannelAndNumbersAnew()
    {
        _merge.Add([Segment(3, 1), Segment(1, 1)]);
        _merge.Add([Segment(2, 0), Segment(3, 0), Segment(9, 0)]);

        var first = _merge.TakeBefore(TimeSpan.FromSeconds(3)).Cast<SegmentRecognized>().Select(e => e.Segment).ToList();
        var rest = _merge.TakeBefore(TimeSpan.MaxValue).Cast<SegmentRecognized>().Select(e => e.Segment).ToList();

        first.Select(s => (s.Start.TotalSeconds, s.Channel, s.Index)).ShouldBe([(1, 1, 0), (2, 0, 1)]);
        rest.Select(s => (s.Start.TotalSeconds, s.Channel, s.Index)).ShouldBe([(3, 0, 2), (3, 1, 3), (9, 0, 4)]);
        _merge.TakeBefore(TimeSpan.MaxValue).ShouldBeEmpty();
    }

    [Fact]
    public void TakeBefore_LanguageOfEachChannel_ReportsTheFirst()
    {
        _merge.Add([new LanguageDetected("it", [])]);
        _merge.Add([new LanguageDetected("en", [])]);

        _merge.TakeBefore(TimeSpan.Zero).ShouldHaveSingleItem().ShouldBeOfType<LanguageDetected>().Language.ShouldBe("it");
        _merge.Add([new LanguageDetected("fr", [])]);
        _merge.TakeBefore(TimeSpan.MaxValue).ShouldBeEmpty();
    }

    private static SegmentRecognized Segment(double start, int channel) => new(new TranscriptSegment
    {
        Index = 0,
        Start = TimeSpan.FromSeconds(start),
        Duration = TimeSpan.FromSeconds(1),
        Text = " word",
        Tokens = [],
        LogProbabilities = [],
        AverageLogProbability = 0,
        NoSpeechProbability = 0,
        CompressionRatio = 1,
        Temperature = 0,
        Language = "en",
        Channel = channel,
    });
}
