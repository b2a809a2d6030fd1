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

    [Fact]
    public async Task TranscribeAsync_SplicedRecordings_PlacesTheirFirstWordsWhereTheyBegin()
    {
        var spliced = Splice.Of(Repository.Recordings.Where(r => r.Language == "en"), pause: 12_000);
        var request = new TranscriptionRequest { Language = "en", WordTimestamps = true };

        var events = await _transcriber.EventsAsync(spliced.Samples, request);

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
        errors.Count.ShouldBeGreaterThanOrEqualTo(9);
        errors.Average().ShouldBeLessThan(0.15);
    }
}
