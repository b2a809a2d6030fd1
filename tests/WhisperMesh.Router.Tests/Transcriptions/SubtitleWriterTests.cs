using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Transcriptions.Formats;

namespace WhisperMesh.Router.Tests.Transcriptions;

public sealed class SubtitleWriterTests
{
    [Theory]
    [InlineData(0, "00:00:00,000")]
    [InlineData(59.9996, "00:01:00,000")]
    [InlineData(3661.25, "01:01:01,250")]
    [InlineData(360000, "100:00:00,000")]
    public void Time_Rounds_ToMilliseconds(double seconds, string expected) =>
        SubtitleWriter.Time(TimeSpan.FromSeconds(seconds), ',').ShouldBe(expected);

    [Fact]
    public void Time_AnyTime_ReadsBack() => Prop.ForAll<uint>(milliseconds =>
    {
        var time = SubtitleWriter.Time(TimeSpan.FromMilliseconds(milliseconds), '.');

        var parts = time.Split(':', '.').Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        ((((parts[0] * 60) + parts[1]) * 60 + parts[2]) * 1000 + parts[3]).ShouldBe(milliseconds);
        parts[1].ShouldBeInRange(0, 59);
        parts[2].ShouldBeInRange(0, 59);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Srt_AnyTexts_HasFourLinesACue() => Prop.ForAll<string[]>(texts =>
    {
        var segments = texts.Select((text, i) => Events.Plain(i, i, 1, "x" + text)).ToList();

        var lines = SubtitleWriter.Srt(segments).Split('\n');

        lines.Length.ShouldBe((segments.Count * 4) + 1);
        for (var i = 0; i < segments.Count; i++)
        {
            lines[i * 4].ShouldBe($"{i + 1}");
            lines[(i * 4) + 1].ShouldContain(" --> ");
            lines[(i * 4) + 2].ShouldNotContain("-->");
            lines[(i * 4) + 3].ShouldBeEmpty();
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Vtt_MarkupInText_IsEscaped() =>
        SubtitleWriter.Vtt([Events.Plain(0, 0, 1, "a <b> & c --> d\n\ne")]).ShouldBe(
            "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\na &lt;b&gt; &amp; c --&gt; d e\n\n");

    [Fact]
    public void Subtitles_Silence_AreEmpty()
    {
        SubtitleWriter.Srt([]).ShouldBe("");
        SubtitleWriter.Vtt([]).ShouldBe("WEBVTT\n\n");
    }
}
