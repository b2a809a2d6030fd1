using WhisperMesh.Testing;
using WhisperMesh.Whisper.Tests.Transcribing;

namespace WhisperMesh.Whisper.Tests.Alignment;

public sealed class WordTimestampTests(ModelFixture fixture)
{
    private readonly Transcriber _transcriber = new(fixture.Model, fixture.Vad);

    [Fact]
    public async Task TranscribeAsync_WordsAskedFor_AreThoseOfTheTextInOrderInsideTheirSegment()
    {
        foreach (var segment in (await fixture.Recordings.AllAsync()).SelectMany(decoded => decoded.Segments))
        {
            var words = segment.Words.ShouldNotBeNull();
            string.Concat(words.Select(word => word.Text)).ShouldBe(segment.Text);
            words.Count.ShouldBe(segment.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
            var last = segment.Start;
            foreach (var word in words)
            {
                word.Start.ShouldBeGreaterThanOrEqualTo(last);
                last = word.Start + word.Duration;
                word.Probability.ShouldBeInRange(0.001f, 1);
            }
            last.ShouldBeLessThanOrEqualTo(segment.Start + segment.Duration);
        }
    }

    [Fact]
    public async Task TranscribeAsync_WordsNotAskedFor_AreNullAndTheTextIsTheSame()
    {
        var decoded = (await fixture.Recordings.AllAsync()).Single(d => d.Recording.File == "en-demo-nogo.wav");

        var events = await _transcriber.EventsAsync(
            decoded.Recording.Samples(), new TranscriptionRequest { Language = decoded.Recording.Language });

        Transcripts.Segments(events).ShouldAllBe(segment => segment.Words == null);
        Transcripts.Text(events).ShouldBe(decoded.Text);
    }

    /// <summary>The mean is 10 ms; 99 % lie within 150 ms.</summary>
    [Fact]
    public async Task TranscribeAsync_Recordings_PlacesWordsWhereTheirSoundBeginsAndEnds()
    {
        var errors = new List<double>();
        foreach (var decoded in await fixture.Recordings.AllAsync())
        {
            var sounds = KnownPlaces.Sounds(decoded.Recording.Samples());
            double[] found = [.. KnownPlaces.Errors(sounds, [.. decoded.Segments.SelectMany(segment => segment.Words!)])];
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{decoded.Recording.File}: {string.Join(' ', found.Select(error => $"{error:+0.000;-0.000}"))}");
            errors.AddRange(found.Select(Math.Abs));
        }

        errors.Count.ShouldBeGreaterThan(100);
        errors.Average().ShouldBeLessThan(0.03);
        errors.Count(error => error <= 0.15).ShouldBeGreaterThan((int)(0.95 * errors.Count));
        errors.Max().ShouldBeLessThan(0.5);
    }

    /// <summary>Within 5 ms in silence, but for one in eleven; noise hides soft ends.</summary>
    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(0.003, 0.05)]
    public async Task TranscribeAsync_SplicedRecordings_PlacesTheirFirstWordsWhereTheyBegin(double noise, double median)
    {
        var spliced = Splice.Of(Repository.Recordings.Where(r => r.Language == "en"), pause: 12_000);
        var random = new Random(1);
        float[] samples = [.. spliced.Samples.Select(sample => sample + (float)(noise * (2 * random.NextDouble() - 1)))];
        var request = new TranscriptionRequest { Language = "en", WordTimestamps = true };

        var events = await _transcriber.EventsAsync(samples, request);

        var words = Transcripts.Segments(events).SelectMany(segment => segment.Words!).ToList();
        var errors = new List<double>();
        foreach (var (onset, recording) in spliced.Onsets.Zip(spliced.Recordings))
        {
            var opening = WordErrorRate.Words(recording.Text)[..2];
            // The first two words must match too, so that a neighbour can't be taken for the word meant.
            var near = words.Zip(words.Skip(1))
                .Where(pair => opening.SequenceEqual(WordErrorRate.Words(pair.First.Text + pair.Second.Text).Take(2)))
                .Select(pair => (pair.First.Start - onset).TotalSeconds)
                .DefaultIfEmpty(double.NaN)
                .MinBy(Math.Abs);
            TestContext.Current.TestOutputHelper?.WriteLine($"{near:+0.000;-0.000} {recording.File}");
            if (Math.Abs(near) < 2)
            {
                errors.Add(Math.Abs(near));
            }
        }
        errors.Count.ShouldBeGreaterThanOrEqualTo(8);
        errors.Average().ShouldBeLessThan(0.06);
        errors.Order().ElementAt(errors.Count / 2).ShouldBeLessThan(median);
    }
}
