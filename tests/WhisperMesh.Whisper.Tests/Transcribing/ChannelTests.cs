namespace WhisperMesh.Whisper.Tests.Transcribing;

public sealed class ChannelTests(ModelFixture fixture)
{
    private readonly Transcriber _transcriber = new(fixture.Model, fixture.Vad);

    [Fact]
    public async Task TranscribeChannelsAsync_TwoSpeakers_GivesEachAsAlone()
    {
        var (english, italian) = (Repository.Named("en-sorry").Samples(), Repository.Named("it-sorry").Samples());
        string[] alone =
        [
            await _transcriber.TextAsync(english, new TranscriptionRequest()),
            await _transcriber.TextAsync(italian, new TranscriptionRequest()),
        ];

        var events = await EventsAsync(english, italian);

        var segments = Transcripts.Segments(events).ToList();
        for (var channel = 0; channel < 2; channel++)
        {
            string.Concat(segments.Where(s => s.Channel == channel).Select(s => s.Text)).ShouldBe(alone[channel]);
        }
        segments.Select(s => s.Index).ShouldBe(Enumerable.Range(0, segments.Count));
        segments.Select(s => s.Start).ShouldBeInOrder();
        segments.ShouldAllBe(s => s.Language == (s.Channel == 0 ? "en" : "it"));
        events.OfType<LanguageDetected>().Count().ShouldBe(1);
        events[^1].ShouldBeOfType<Completed>();
    }

    [Fact]
    public async Task TranscribeChannelsAsync_SilentChannel_GivesNoneOfIt()
    {
        var english = Repository.Named("en-sorry").Samples();

        var events = await EventsAsync(new float[english.Length], english);

        Transcripts.Segments(events).ShouldNotBeEmpty();
        Transcripts.Segments(events).ShouldAllBe(s => s.Channel == 1);
    }

    private async Task<List<TranscriptionEvent>> EventsAsync(float[] first, float[] second) =>
        await _transcriber.TranscribeChannelsAsync(Blocks(first, second), new TranscriptionRequest(), TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    private static async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>> Blocks(float[] first, float[] second)
    {
        var length = Math.Max(first.Length, second.Length);
        Array.Resize(ref first, length);
        Array.Resize(ref second, length);
        for (var i = 0; i < length; i += 16_000)
        {
            var count = Math.Min(16_000, length - i);
            yield return [first.AsMemory(i, count), second.AsMemory(i, count)];
        }
        await Task.CompletedTask;
    }
}
