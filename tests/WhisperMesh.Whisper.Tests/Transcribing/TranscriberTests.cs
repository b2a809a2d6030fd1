namespace WhisperMesh.Whisper.Tests.Transcribing;

public sealed class TranscriberTests(ModelFixture fixture)
{
    private readonly Transcriber _transcriber = new(fixture.Model, fixture.Vad);

    public static TheoryData<string, int, double> SoundsWithoutSpeech => new()
    {
        { "nothing", 0, 0 },
        { "silence", 1, 0 },
        { "silence", 320_000, 0 },
        { "noise", 320_000, 0.1 },
        { "noise", 320_000, 0.001 },
        { "tone", 320_000, 440 },
        { "tone", 160_000, 1000 },
        { "clicks", 160_000, 0.5 },
    };

    [Theory]
    [MemberData(nameof(SoundsWithoutSpeech))]
    public async Task TranscribeAsync_NoSpeech_GivesNoSegments(string kind, int count, double value)
    {
        var random = new Random(5);
        float[] samples = [.. Enumerable.Range(0, count).Select(i => (float)(kind switch
        {
            "noise" => (random.NextDouble() * 2 - 1) * value,
            "tone" => 0.3 * Math.Sin(2 * Math.PI * value * i / 16_000),
            "clicks" => i % 8_000 == 0 ? value : 0,
            _ => 0,
        }))];

        var events = await _transcriber.EventsAsync(samples, new TranscriptionRequest());

        Transcripts.Segments(events).ShouldBeEmpty();
        events[^1].ShouldBeOfType<Completed>().Language.ShouldBeNull();
    }

    [Fact]
    public async Task TranscribeAsync_ThreeRequestsAtOnce_GivesTheSameAsAlone()
    {
        (float[] Samples, TranscriptionRequest Request)[] all =
        [
            (Repository.Named("en-sorry").Samples(), new TranscriptionRequest()),
            (Repository.Named("it-sorry").Samples(), new TranscriptionRequest()),
            (Repository.Named("es-vm-marked-urgent").Samples(), new TranscriptionRequest { Temperature = 0.6f, Seed = 4 }),
        ];
        var alone = new List<string>();
        foreach (var (samples, request) in all)
        {
            alone.Add(await _transcriber.TextAsync(samples, request));
        }

        var together = await Task.WhenAll(all.Select(one =>
            Task.Run(() => _transcriber.TextAsync(one.Samples, one.Request), TestContext.Current.CancellationToken)));

        together.ShouldBe(alone);
        alone[0].ShouldContain("sorry");
        alone[1].ShouldContain("spiacente");
    }

    [Theory]
    [InlineData("fr-vm-mailboxfull", "fr", "Sorry")]
    [InlineData("es-ss-noservice", "es", "the number")]
    public async Task TranscribeAsync_Translate_GivesEnglish(string name, string language, string word)
    {
        var text = await _transcriber.TextAsync(
            Repository.Named(name).Samples(), new TranscriptionRequest { Language = language, Translate = true, WordTimestamps = true });

        text.ShouldContain(word);
    }

    [Fact]
    public async Task TranscribeAsync_Prompt_SteersTheSpelling()
    {
        var samples = Repository.Named("en-demo-nogo").Samples();
        var request = new TranscriptionRequest { Language = "en" };

        var plain = await _transcriber.TextAsync(samples, request);
        var prompted = await _transcriber.TextAsync(
            samples, request with { Prompt = "i called the digium office about the asterisk console and the demonstration" });

        plain.ShouldContain("Asterisk");
        prompted.ShouldContain("asterisk");
    }

    [Fact]
    public async Task TranscribeAsync_CancelledAtTheFirstSegment_TakesNoMoreAudio()
    {
        using var source = new CancellationTokenSource();
        var english = Repository.Recordings.Where(r => r.Language == "en");
        var spliced = Splice.Of(Enumerable.Repeat(english, 10).SelectMany(r => r), pause: 16_000);
        var (blocks, segments) = (0, 0);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var happened in _transcriber.TranscribeAsync(Counted(), new() { Language = "en" }, source.Token))
            {
                source.IsCancellationRequested.ShouldBeFalse();
                if (happened is SegmentRecognized)
                {
                    segments++;
                    await source.CancelAsync();
                }
            }
        });

        segments.ShouldBe(1);
        // As many windows as fit into the batch are read ahead, of eleven minutes.
        blocks.ShouldBeLessThan(400);

        async IAsyncEnumerable<ReadOnlyMemory<float>> Counted()
        {
            await foreach (var block in Transcripts.Blocks(spliced.Samples))
            {
                // At most the block that was being worked on when the caller gave up.
                source.IsCancellationRequested.ShouldBeFalse();
                blocks++;
                yield return block;
            }
        }
    }

    [Fact]
    public async Task TranscribeAsync_CancelledBefore_Stops()
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
