using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Cli.Formats;
using WhisperMesh.Client;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Tests;

public sealed class SubtitlesTests
{
    private static readonly Transcript Sample = new(
        [Segment(0, 1.5, "Fish & <chips>"), Segment(2, 1, ""), Segment(3661.0004, 2.0015, "Over\nan hour.")],
        new TranscriptionSummary());

    [Fact]
    public void WriteSrt_Always_NumbersCuesThatHaveText() => Subtitles.WriteSrt(Sample, "x").ShouldBe(
        "1\n00:00:00,000 --> 00:00:01,500\nFish & <chips>\n\n2\n01:01:01,000 --> 01:01:03,002\nOver an hour.\n\n");

    [Fact]
    public void WriteVtt_Always_EscapesMarkup() => Subtitles.WriteVtt(Sample, "x").ShouldBe(
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nFish &amp; &lt;chips&gt;\n\n01:01:01.000 --> 01:01:03.002\nOver an hour.\n\n");

    private static TranscriptSegment Segment(double start, double length, string text) => new()
    {
        StartOffset = Duration.FromTimeSpan(TimeSpan.FromSeconds(start)),
        SegmentDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(length)),
        Text = text,
    };
}
