namespace WhisperMesh.Whisper.Tests.Transcribing;

public sealed class TranscriberTests(ModelFixture fixture)
{
    private readonly Transcriber _transcriber = new(fixture.Model, fixture.Vad);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(320_000, 0)]
    [InlineData(320_000, 0.1)]
    public async Task TranscribeAsync_NoSpeech_GivesNoSegments(int count, double noise)
    {
        var random = new Random(5);
        float[] samples = [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2 - 1) * noise))];

        var events = await _transcriber.EventsAsync(samples, new TranscriptionRequest());

        Transcripts.Segments(events).ShouldBeEmpty();
        events[^1].ShouldBeOfType<Completed>().Language.ShouldBeNull();
    }

    [Fact]
    public async Task TranscribeAsync_TwoLanguagesAtOnce_GivesTheSameAsAlone()
    {
        var (english, italian) = (Repository.Named("en-sorry").Samples(), Repository.Named("it-sorry").Samples());
        var aloneEnglish = await _transcriber.TextAsync(english, new TranscriptionRequest());
        var aloneItalian = await _transcriber.TextAsync(italian, new TranscriptionRequest());

        var together = await Task.WhenAll(
            Task.Run(() => _transcriber.TextAsync(english, new TranscriptionRequest()), TestContext.Current.CancellationToken),
            Task.Run(() => _transcriber.TextAsync(italian, new TranscriptionRequest()), TestContext.Current.CancellationToken));

        together.ShouldBe([aloneEnglish, aloneItalian]);
        aloneEnglish.ShouldContain("sorry");
        aloneItalian.ShouldContain("spiacente");
    }

    [Fact]
    public async Task TranscribeAsync_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await _transcriber.TranscribeAsync(
                Transcripts.Blocks(Repository.Named("en-sorry").Samples()), new TranscriptionRequest(), source.Token)
                .ToListAsync(CancellationToken.None));
    }

    [Fact]
    public void TranscribeAsync_UnknownLanguage_IsRefusedByName() =>
        Should.Throw<WhisperException>(() => _transcriber.TranscribeAsync(Transcripts.Blocks([]), new() { Language = "tlh" }))
            .Message.ShouldContain("'tlh'");

    [Theory]
    [InlineData("cuda")]
    [InlineData("toaster")]
    public void Load_DeviceThatCannotBeHad_IsRefused(string device) =>
        Should.Throw<WhisperException>(() => WhisperModel.Load(Repository.WhisperBase, new WhisperModelOptions { Device = device }))
            .Reason.ShouldBe(WhisperErrorReason.DeviceNotSupported);

    [Fact]
    public void Load_FolderWithoutModel_NamesTheMissingFile() =>
        Should.Throw<WhisperException>(() => WhisperModel.Load(AppContext.BaseDirectory, new WhisperModelOptions()))
            .Message.ShouldContain("config.json");
}
