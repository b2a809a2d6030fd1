namespace WhisperMesh.Whisper.Tests.Transcribing;

[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class FlatMemoryTests(ModelFixture fixture)
{
    private static readonly int Minutes = 30;

    [Fact]
    public async Task TranscribeAsync_HalfAnHour_StaysFlatAndHearsEachRepetition()
    {
        var options = new WhisperModelOptions();
        using var model = WhisperModel.Load(Repository.WhisperBase, options);
        float[][] sounds = [Repository.Named("en-sorry").Samples(), Repository.Named("en-pls-hold-while-try").Samples()];
        var repetitions = Minutes * 60 * 16_000 / sounds.Sum(sound => sound.Length + 32_000);
        var (memory, last) = (new List<long>(), new Progressed(default, default));
        var (end, sorry, hold) = (TimeSpan.Zero, 0, 0);

        await foreach (var happened in new Transcriber(model, fixture.Vad).TranscribeAsync(
            RepeatAsync(sounds, repetitions), new() { Language = "en", Class = RequestClass.Bulk }, TestContext.Current.CancellationToken))
        {
            if (happened is Progressed now)
            {
                now.Processed.ShouldBeInRange(last.Processed, now.Received);
                now.Received.ShouldBeGreaterThanOrEqualTo(last.Received);
                if ((int)now.Received.TotalMinutes / 5 > (int)last.Received.TotalMinutes / 5)
                {
                    memory.Add(GC.GetTotalMemory(forceFullCollection: true));
                }
                last = now;
            }
            else if (happened is SegmentRecognized { Segment: var segment })
            {
                segment.Start.ShouldBeGreaterThanOrEqualTo(end);
                end = segment.Start + segment.Duration;
                sorry += Count(segment.Text, "sorry");
                hold += Count(segment.Text, "hold");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{repetitions} repetitions, {sorry} and {hold} heard; {string.Join(' ', memory)}; peak {model.Statistics.PeakBytes}");
        sorry.ShouldBe(repetitions);
        hold.ShouldBe(repetitions);
        model.Statistics.PeakBytes.ShouldBeLessThanOrEqualTo(options.RowMemoryBytes);
        model.Statistics.BytesInUse.ShouldBe(0);
        memory[^1].ShouldBeLessThan(memory[0] + (16L << 20));
    }

    private static int Count(string text, string word) => text.Split(word, StringSplitOptions.None).Length - 1;

    private static async IAsyncEnumerable<ReadOnlyMemory<float>> RepeatAsync(float[][] sounds, int times)
    {
        var pause = new float[32_000];
        for (var i = 0; i < times; i++)
        {
            foreach (var sound in sounds)
            {
                await foreach (var block in Transcripts.Blocks(sound))
                {
                    yield return block;
                }
                yield return pause;
            }
        }
    }
}
