using WhisperMesh.Testing;

namespace WhisperMesh.Whisper.Tests.Transcribing;

public sealed class AccuracyTests(ModelFixture fixture)
{
    // Measured 4 and 34; kernels round a little differently from one kind of processor to the next.
    [Theory]
    [InlineData("en", 5)]
    [InlineData(null, 36)]
    public async Task TranscribeAsync_Recordings_HasFewErrors(string? language, int most)
    {
        var errors = 0;
        foreach (var decoded in (await fixture.Recordings.AllAsync()).Where(d => language is null || d.Recording.Language == language))
        {
            var wrong = WordErrorRate.Errors(decoded.Recording.Text, decoded.Text);
            TestContext.Current.TestOutputHelper?.WriteLine($"{wrong} {decoded.Recording.File}: {decoded.Text}");
            errors += wrong;
        }

        errors.ShouldBeLessThanOrEqualTo(most);
    }

    [Fact]
    public async Task TranscribeAsync_Recordings_GivesSegmentsInOrderInsideTheAudio()
    {
        foreach (var decoded in await fixture.Recordings.AllAsync())
        {
            var end = decoded.Events[^1].ShouldBeOfType<Completed>().AudioDuration;
            var last = TimeSpan.Zero;
            foreach (var segment in decoded.Segments)
            {
                segment.Start.ShouldBeGreaterThanOrEqualTo(last);
                segment.Duration.ShouldBeGreaterThan(TimeSpan.Zero);
                last = segment.Start + segment.Duration;
                last.ShouldBeLessThanOrEqualTo(end);
            }
        }
    }
}
