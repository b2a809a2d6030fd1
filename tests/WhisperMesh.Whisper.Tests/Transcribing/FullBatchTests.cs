namespace WhisperMesh.Whisper.Tests.Transcribing;

public sealed class FullBatchTests(ModelFixture fixture)
{
    [Fact]
    public async Task TranscribeAsync_AllRecordingsAtOnce_GivesTheSameAsAlone()
    {
        var alone = await fixture.Recordings.AllAsync();
        var transcriber = new Transcriber(fixture.Model, fixture.Vad);

        var together = await Task.WhenAll(alone.Select((one, i) => Task.Run(
            () => transcriber.EventsAsync(
                one.Recording.Samples(),
                new TranscriptionRequest { Language = one.Recording.Language, WordTimestamps = true, Class = (RequestClass)(i % 3) }),
            TestContext.Current.CancellationToken)));

        foreach (var (one, events) in alone.Zip(together))
        {
            Transcripts.Text(events).ShouldBe(one.Text, one.Recording.File);
            var (expected, actual) = (one.Segments.ToList(), Transcripts.Segments(events).ToList());
            actual.SelectMany(s => s.Tokens).ShouldBe(expected.SelectMany(s => s.Tokens), one.Recording.File);
            actual.SelectMany(s => s.LogProbabilities).ShouldBe(expected.SelectMany(s => s.LogProbabilities), one.Recording.File);
            actual.SelectMany(s => s.Words!).ShouldBe(expected.SelectMany(s => s.Words!), one.Recording.File);
        }
    }
}
