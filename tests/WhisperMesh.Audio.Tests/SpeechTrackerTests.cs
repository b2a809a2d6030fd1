namespace WhisperMesh.Audio.Tests;

/// <summary>The rules of endpointing on made-up probabilities: one for each chunk of 512 samples, padding 480.</summary>
public sealed class SpeechTrackerTests
{
    private const int Chunk = SileroVad.ChunkLength;
    private const int Padding = 480;

    [Fact]
    public void Add_SpeechLongEnough_IsPadded() =>
        Track([.. Of(5, 0), .. Of(10, 0.9f), .. Of(10, 0)]).ShouldBe([new SpeechSpan((5 * Chunk) - Padding, (15 * Chunk) + Padding)]);

    [Fact]
    public void Add_SpeechTooShort_IsNoise() => Track([.. Of(5, 0), .. Of(7, 0.9f), .. Of(10, 0)]).ShouldBeEmpty();

    [Fact]
    public void Add_ShortSilence_DoesNotEndSpeech() =>
        Track([.. Of(10, 0.9f), .. Of(3, 0), .. Of(10, 0.9f), .. Of(10, 0)]).ShouldBe([new SpeechSpan(0, (23 * Chunk) + Padding)]);

    [Fact]
    public void Add_ProbabilityBetweenTheThresholds_KeepsSpeechButDoesNotStartIt()
    {
        Track([.. Of(10, 0.9f), .. Of(20, 0.4f), .. Of(10, 0)]).ShouldBe([new SpeechSpan(0, (30 * Chunk) + Padding)]);
        Track(Of(40, 0.49f)).ShouldBeEmpty();
    }

    [Fact]
    public void Complete_SpeechAtTheEnd_EndsWithTheStream() =>
        Track([.. Of(2, 0), .. Of(20, 0.9f)], length: (22 * Chunk) - 100).ShouldBe([new SpeechSpan((2 * Chunk) - Padding, (22 * Chunk) - 100)]);

    [Fact]
    public void Add_LowThreshold_StillEndsSpeech() =>
        Track([.. Of(10, 0.9f), .. Of(10, 0)], options: new VoiceActivityOptions { Threshold = 0.1f })
            .ShouldBe([new SpeechSpan(0, (10 * Chunk) + Padding)]);

    [Theory]
    [InlineData(250, 100, 30)]
    [InlineData(0, 2000, 400)]
    [InlineData(0, 0, 0)]
    [InlineData(100, 50, 1000)]
    public void SettledUntil_Always_HoldsForLaterSpans(int minSpeechMs, int minSilenceMs, int paddingMs)
    {
        var random = new Random(11);
        var tracker = new SpeechTracker(new VoiceActivityOptions
        {
            MinSpeech = TimeSpan.FromMilliseconds(minSpeechMs),
            MinSilence = TimeSpan.FromMilliseconds(minSilenceMs),
            Padding = TimeSpan.FromMilliseconds(paddingMs),
        });
        var found = new List<SpeechSpan>();
        for (var i = 0; i < 5000; i++)
        {
            var settled = tracker.SettledUntil;
            var count = found.Count;

            // Some pauses are long enough for the longest least silence.
            var isSpeech = i / 20 % 2 == 1 && i % 800 > 200;
            tracker.Add(random.Next(12) == 0 ? 0.3f * random.NextSingle() : random.Next(30) == 0 || !isSpeech ? 0 : 0.9f, found);

            found.Skip(count).All(span => span.Start >= settled).ShouldBeTrue();
            tracker.SettledUntil.ShouldBeGreaterThanOrEqualTo(settled);
        }

        found.Count.ShouldBeGreaterThan(5);
        found.Zip(found.Skip(1)).ShouldAllBe(pair => pair.First.End <= pair.Second.Start);
    }

    private static float[] Of(int count, float probability) => [.. Enumerable.Repeat(probability, count)];

    private static List<SpeechSpan> Track(float[] probabilities, long? length = null, VoiceActivityOptions? options = null)
    {
        var tracker = new SpeechTracker(options ?? new VoiceActivityOptions());
        var found = new List<SpeechSpan>();
        foreach (var probability in probabilities)
        {
            tracker.Add(probability, found);
        }

        tracker.Complete(length ?? (long)probabilities.Length * Chunk, found);
        return found;
    }
}
