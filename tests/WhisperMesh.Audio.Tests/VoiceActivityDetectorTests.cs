namespace WhisperMesh.Audio.Tests;

public sealed class VoiceActivityDetectorTests : IDisposable
{
    private readonly SileroVad _model = new(AudioFixtures.VadPath);

    [Fact]
    public async Task Process_SpeechBetweenSilences_FindsBothUtterances()
    {
        var first = await AudioFixtures.SpeechAsync("en-conf-onlyone.wav");
        var second = await AudioFixtures.SpeechAsync("ru-vm-whichbox.wav");
        var samples = (float[])[.. new float[32_000], .. first, .. new float[48_000], .. second, .. new float[32_000]];

        var spans = Detect(samples, 16_000);

        var secondStart = 32_000 + first.Length + 48_000;
        spans.ShouldAllBe(span => InOrNear(span, 32_000, first.Length) || InOrNear(span, secondStart, second.Length));
        spans.Where(span => InOrNear(span, 32_000, first.Length)).Sum(span => span.Length).ShouldBeGreaterThan(first.Length / 2);
        spans.Where(span => InOrNear(span, secondStart, second.Length)).Sum(span => span.Length).ShouldBeGreaterThan(second.Length / 2);
        spans.Zip(spans.Skip(1)).ShouldAllBe(pair => pair.First.End <= pair.Second.Start);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(160)]
    [InlineData(511)]
    [InlineData(100_000)]
    public async Task Process_AnySplit_GivesTheSameSpans(int block)
    {
        var samples = await AudioFixtures.SpeechAsync("en-demo-nogo.wav");

        Detect(samples, block).ShouldBe(Detect(samples, 16_000));
    }

    [Fact]
    public void Process_NoSpeech_FindsNothing()
    {
        var random = new Random(7);
        float[] noise = [.. Enumerable.Range(0, 80_000).Select(_ => (float)((random.NextDouble() * 0.6) - 0.3))];

        Detect(new float[80_000], 16_000).ShouldBeEmpty();
        Detect(noise, 16_000).ShouldBeEmpty();
        Detect(AudioFixtures.Tone(440, 16_000, 80_000), 16_000).ShouldBeEmpty();
        Detect([0.5f], 1).ShouldBeEmpty();
        Detect([], 1).ShouldBeEmpty();
    }

    [Fact]
    public async Task Process_ManyStreamsAtOnce_DoNotMix()
    {
        string[] names = ["en-vm-intro.wav", "es-both_help.wav", "fr-vm-mailboxfull.wav", "it-sorry.wav"];
        var recordings = await Task.WhenAll(names.Select(AudioFixtures.SpeechAsync));
        var alone = recordings.Select(samples => Detect(samples, 4000)).ToArray();

        var together = await Task.WhenAll(recordings.Select(samples => Task.Run(() => Detect(samples, 4000))));

        together.ShouldBe(alone);
    }

    [Fact]
    public void Load_MissingFile_NamesIt() =>
        Should.Throw<FileNotFoundException>(() => new SileroVad("missing.onnx")).Message.ShouldContain("missing.onnx");

    [Fact]
    public void Load_AnotherFile_SaysThatItIsNotTheModel() =>
        Should.Throw<InvalidDataException>(() => new SileroVad(AudioFixtures.SpeechPath("en-sorry.wav"))).Message.ShouldContain("sequence variant");

    [Fact]
    public void Process_Blocks_AllocatesNothing()
    {
        var detector = new VoiceActivityDetector(_model);
        var block = AudioFixtures.Tone(440, 16_000, 8000);
        detector.Process(block);
        detector.Process(block);
        var before = GC.GetAllocatedBytesForCurrentThread();

        detector.Process(block);

        GC.GetAllocatedBytesForCurrentThread().ShouldBe(before);
    }

    public void Dispose() => _model.Dispose();

    private static bool InOrNear(SpeechSpan span, long start, long length) =>
        span.Start >= start - 3000 && span.End <= start + length + 3000;

    private List<SpeechSpan> Detect(float[] samples, int block)
    {
        var detector = new VoiceActivityDetector(_model);
        var spans = new List<SpeechSpan>();
        for (var at = 0; at < samples.Length; at += block)
        {
            spans.AddRange(detector.Process(samples.AsSpan(at, Math.Min(block, samples.Length - at))));
            detector.SettledUntil.ShouldBeLessThanOrEqualTo(detector.Position);
        }

        spans.AddRange(detector.Complete());
        return spans;
    }
}
