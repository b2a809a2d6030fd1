using WhisperMesh.Testing;

namespace WhisperMesh.Whisper.Tests.Transcribing;

/// <summary>Going on in the middle of a recording, as after the death of the process that began it.</summary>
public sealed class ResumeTests(ModelFixture fixture)
{
    private readonly Transcriber _transcriber = new(fixture.Model, fixture.Vad);

    [Fact]
    public async Task TranscribeAsync_FromWhereAnotherStopped_GivesTheRest()
    {
        var samples = Long();
        var request = new TranscriptionRequest { Language = "en" };
        var whole = await _transcriber.EventsAsync(samples, request);
        var segments = Transcripts.Segments(whole).ToList();

        foreach (var cut in new[] { 3, segments.Count / 2, segments.Count - 2 })
        {
            var rest = await _transcriber.EventsAsync(samples, request with { ResumeFrom = segments[cut].Start + segments[cut].Duration });

            var joined = string.Concat(segments.Take(cut + 1).Select(segment => segment.Text)) + Transcripts.Text(rest);
            var words = WordErrorRate.Words(Transcripts.Text(whole));
            WordErrorRate.Errors(words, WordErrorRate.Words(joined)).ShouldBeLessThanOrEqualTo(2 * words.Length / 100, $"cut after segment {cut}");
            var first = Transcripts.Segments(rest).First();
            first.Start.TotalSeconds.ShouldBe(segments[cut + 1].Start.TotalSeconds, 0.5);
            rest.OfType<Progressed>().ShouldAllBe(progress => progress.Processed <= progress.Received);
            rest[^1].ShouldBeOfType<Completed>().AudioDuration.ShouldBe(whole[^1].ShouldBeOfType<Completed>().AudioDuration);
        }
    }

    [Fact]
    public async Task TranscribeAsync_FromBeyondTheEnd_GivesNothing()
    {
        var samples = Repository.Named("en-sorry").Samples();

        var events = await _transcriber.EventsAsync(samples, new TranscriptionRequest { ResumeFrom = TimeSpan.FromHours(1) });

        Transcripts.Segments(events).ShouldBeEmpty();
        events[^1].ShouldBeOfType<Completed>().AudioDuration.TotalSeconds.ShouldBe(samples.Length / 16_000.0, 0.001);
    }

    [Fact]
    public async Task TranscribeChannelsAsync_FromWhereAnotherStopped_GivesTheRestOfEach()
    {
        var left = Long();
        float[] right = [.. new float[40_000], .. left[..^40_000]];
        var request = new TranscriptionRequest { Language = "en" };
        var whole = Transcripts.Segments(await ChannelsAsync(left, right, request)).ToList();
        var from = whole[whole.Count / 2].Start;

        var rest = Transcripts.Segments(await ChannelsAsync(left, right, request with { ResumeFrom = from })).ToList();

        foreach (var channel in new[] { 0, 1 })
        {
            var expected = whole.Where(segment => segment.Channel == channel && segment.Start >= from).ToList();
            var got = rest.Where(segment => segment.Channel == channel && segment.Start + (segment.Duration / 2) >= expected[0].Start).ToList();
            var words = WordErrorRate.Words(string.Concat(expected.Select(segment => segment.Text)));
            WordErrorRate.Errors(words, WordErrorRate.Words(string.Concat(got.Select(segment => segment.Text))))
                .ShouldBeLessThanOrEqualTo(Math.Max(2, words.Length / 20));
        }
    }

    private static float[] Long() =>
        Splice.Of(Repository.Recordings.Where(recording => recording.Language == "en"), pause: 8_000).Samples;

    private async Task<List<TranscriptionEvent>> ChannelsAsync(float[] left, float[] right, TranscriptionRequest request) =>
        await _transcriber.TranscribeChannelsAsync(Blocks(left, right), request, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    private static async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>> Blocks(float[] left, float[] right)
    {
        for (var i = 0; i < left.Length; i += 16_000)
        {
            var count = Math.Min(16_000, left.Length - i);
            yield return [left.AsMemory(i, count), right.AsMemory(i, count)];
        }

        await Task.CompletedTask;
    }
}
