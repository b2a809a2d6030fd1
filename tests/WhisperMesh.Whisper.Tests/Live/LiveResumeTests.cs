using WhisperMesh.Testing;
using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Whisper.Tests.Live;

/// <summary>The same audio gives the same words, however it comes, and wherever the stream was broken off.</summary>
public sealed class LiveResumeTests(ModelFixture fixture)
{
    [Fact]
    public async Task HearAsync_PassesByAudioInAnyBlocks_GivesTheSame()
    {
        var talk = LiveRun.Talk(3, skip: 2).Samples;
        var whole = await LiveRun.OfAsync(fixture, LiveRun.ByAudio, talk);

        for (var seed = 0; seed < 2; seed++)
        {
            var random = new Random(seed);
            var run = await LiveRun.OfAsync(fixture, LiveRun.ByAudio, talk, () => random.Next(1, 9_000));

            Told(run).ShouldBe(Told(whole));
            run.Finals.Select(Final).ShouldBe(whole.Finals.Select(Final));
        }
    }

    [Fact]
    public async Task Live_ResumedByAudio_GivesExactlyTheRest()
    {
        var talk = LiveRun.Talk(4).Samples;
        var options = LiveRun.ByAudio with { Request = new TranscriptionRequest() };
        var whole = await LiveRun.OfAsync(fixture, options, talk);

        foreach (var cut in Cuts(whole))
        {
            var run = await LiveRun.OfAsync(fixture, options with { Resume = cut.Resume }, talk[(int)cut.Resume.Checkpoint.Sample..]);

            run.Told.ShouldBe(whole.Told.Skip(cut.Told));
            run.Finals.Select(Final).ShouldBe(whole.Finals.Skip(cut.Finals).Select(Final));
            run.Completed.Speech.ShouldBe(whole.Completed.Speech);
        }
    }

    [Fact]
    public async Task Live_ResumedByNeed_KeepsTheGivenWordsAndDiffersLittle()
    {
        var talk = LiveRun.Talk(4).Samples;
        var options = new LiveOptions { Request = new TranscriptionRequest { Language = "en" }, Latency = LiveLatency.Medium };
        var whole = await LiveRun.OfAsync(fixture, LiveRun.ByAudio, talk);

        foreach (var cut in Cuts(whole))
        {
            var run = await LiveRun.OfAsync(fixture, options with { Resume = cut.Resume }, talk[(int)cut.Resume.Checkpoint.Sample..]);

            var text = string.Concat(whole.Finals.Take(cut.Finals).Select(final => final.Segment.Text)) + run.Text;
            WordErrorRate.Errors(whole.Text, text).ShouldBeLessThanOrEqualTo(2);
        }
    }

    [Fact]
    public void Live_ResumeThatCannotBe_IsRefusedByName()
    {
        var transcriber = new Transcriber(fixture.Model, fixture.Vad);
        var word = new LiveWord(" a", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), 1);
        var start = LiveCheckpoint.Start with { Sample = 16_000 };
        LiveResume[] bad =
        [
            new(start with { Sample = -1 }, []),
            new(start with { Utterances = -1 }, []),
            new(start with { Language = "xx" }, []),
            new(start, [word with { Start = TimeSpan.Zero }]),
            new(start, [word, word]),
        ];

        foreach (var resume in bad)
        {
            Should.Throw<WhisperException>(() => transcriber.Live(new LiveOptions { Resume = resume })).Field.ShouldNotBeNull();
        }
    }

    [Theory]
    [InlineData(1.5f, 1, 1, 30, nameof(Endpointing.Threshold))]
    [InlineData(0.5f, 0.05, 1, 30, nameof(Endpointing.Pause))]
    [InlineData(0.5f, 1, 2.5, 30, nameof(Endpointing.Prefix))]
    [InlineData(0.5f, 1, 1, 61, nameof(Endpointing.MaximumUtterance))]
    public void Live_EndpointingOutsideItsRange_IsRefusedByName(float threshold, double pause, double prefix, double longest, string field)
    {
        var options = new LiveOptions
        {
            Endpointing = new Endpointing
            {
                Threshold = threshold,
                Pause = TimeSpan.FromSeconds(pause),
                Prefix = TimeSpan.FromSeconds(prefix),
                MaximumUtterance = TimeSpan.FromSeconds(longest),
            },
        };

        Should.Throw<WhisperException>(() => new Transcriber(fixture.Model, fixture.Vad).Live(options)).Field.ShouldBe(field);
    }

    private static IEnumerable<string> Told(LiveRun run) => run.Events.OfType<WordsHeard>().Select(heard =>
        $"{heard.Utterance} {string.Join(' ', heard.Words)} {heard.Tentative} {heard.Stability}");

    private static string Final(UtteranceEnded final) =>
        $"{final.Segment with { Tokens = [], LogProbabilities = [], Words = null }} {string.Join(' ', final.Segment.LogProbabilities)} {final.Reason} {final.Checkpoint}";

    /// <summary>At the start, in the middle of an utterance, and at the end of one.</summary>
    private static IEnumerable<Cut> Cuts(LiveRun run)
    {
        var (checkpoint, words, told, finals) = (LiveCheckpoint.Start, new List<LiveWord>(), 0, 0);
        var cuts = new List<Cut>();
        foreach (var happened in run.Events)
        {
            if (happened is WordsHeard heard)
            {
                words.AddRange(heard.Words);
                told += heard.Words.Count;
            }
            else if (happened is UtteranceEnded ended)
            {
                (checkpoint, finals) = (ended.Checkpoint, finals + 1);
                words = [];
            }
            if (happened is WordsHeard { Words.Count: > 0 } or UtteranceEnded)
            {
                cuts.Add(new Cut(new LiveResume(checkpoint, [.. words]), told, finals));
            }
        }
        var random = new Random(5);
        return [cuts[0], cuts[^2], .. cuts.OrderBy(_ => random.Next()).Take(3)];
    }

    private sealed record Cut(LiveResume Resume, int Told, int Finals);
}
