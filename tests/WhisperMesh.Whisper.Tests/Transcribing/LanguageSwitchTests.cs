using WhisperMesh.Testing;

namespace WhisperMesh.Whisper.Tests.Transcribing;

/// <summary>Long audio in which the language changes, of real recordings.</summary>
public sealed class LanguageSwitchTests(ModelFixture fixture)
{
    // Ends a window, so that each recording is one, as turns of a conversation mostly are.
    private const int Turn = 6 * 16_000;

    private readonly Transcriber _transcriber = new(fixture.Model, fixture.Vad);

    [Fact]
    public async Task TranscribeAsync_LanguageChangesTwice_EachPartIsInItsOwn()
    {
        var parts = new[] { Of("en", 4), Of("es", 4), Of("fr", 4) };
        var spliced = Splice.Of(parts.SelectMany(part => part), Turn);

        var events = await _transcriber.EventsAsync(spliced.Samples, new TranscriptionRequest());

        Log(events);
        events.OfType<LanguageDetected>().ShouldHaveSingleItem().Language.ShouldBe("en");
        events.OfType<LanguageSwitched>().Select(e => e.Language).ShouldBe(["es", "fr"]);
        var segments = Transcripts.Segments(events).ToList();
        segments.ShouldAllBe(segment => segment.Language == LanguageAt(spliced, segment.Start));
        segments.Zip(segments.Skip(1), (a, b) => a.Start + a.Duration <= b.Start).ShouldAllBe(ordered => ordered);
        segments.Select(segment => segment.Index).ShouldBe(Enumerable.Range(0, segments.Count));
        var errors = WordErrorRate.Errors(string.Join(' ', spliced.Recordings.Select(r => r.Text)), Transcripts.Text(events));
        // The same recordings alone, each with its language given.
        errors.ShouldBeLessThanOrEqualTo(await ErrorsAloneAsync(spliced.Recordings) + 3);
    }

    [Fact]
    public async Task TranscribeAsync_ContextCarriedOn_SwitchesAllTheSame()
    {
        var spliced = Splice.Of([.. Of("en", 2), .. Of("it", 3)], Turn);

        var events = await _transcriber.EventsAsync(spliced.Samples, new TranscriptionRequest { CarryContext = true });

        Log(events);
        Transcripts.Segments(events).ShouldAllBe(segment => segment.Language == LanguageAt(spliced, segment.Start));
    }

    [Fact]
    public async Task TranscribeAsync_OneWindowOfAnother_DoesNotSwitch()
    {
        var spliced = Splice.Of([.. Of("en", 2), .. Of("es", 1), .. Of("en", 4).Skip(2)], Turn);

        var events = await _transcriber.EventsAsync(spliced.Samples, new TranscriptionRequest());

        Log(events);
        events.OfType<LanguageSwitched>().ShouldBeEmpty();
        Transcripts.Segments(events).ShouldAllBe(segment => segment.Language == "en");
        Transcripts.Segments(events).ShouldContain(segment => segment.Verdict == SegmentVerdict.LanguageMismatch);
    }

    [Fact]
    public async Task TranscribeAsync_OneWindowIsEnough_SwitchesThereAndBack()
    {
        var spliced = Splice.Of([.. Of("en", 2), .. Of("es", 1), .. Of("en", 4).Skip(2)], Turn);
        var request = new TranscriptionRequest { Switching = new LanguageSwitching { Windows = 1 } };

        var events = await _transcriber.EventsAsync(spliced.Samples, request);

        Log(events);
        events.OfType<LanguageSwitched>().Select(e => e.Language).ShouldBe(["es", "en"]);
    }

    [Fact]
    public async Task TranscribeAsync_AllowedSet_SwitchesWithinItOnly()
    {
        var spliced = Splice.Of([.. Of("en", 2), .. Of("fr", 4), .. Of("es", 3)], Turn);
        var request = new TranscriptionRequest { AllowedLanguages = ["en", "es"] };

        var events = await _transcriber.EventsAsync(spliced.Samples, request);

        Log(events);
        Transcripts.Segments(events).Select(segment => segment.Language).ShouldBeSubsetOf(["en", "es"]);
        Transcripts.Segments(events).Last().Language.ShouldBe("es");
    }

    [Fact]
    public async Task TranscribeAsync_LanguageGiven_NeverSwitches()
    {
        var spliced = Splice.Of([.. Of("en", 1), .. Of("es", 3)], Turn);

        var events = await _transcriber.EventsAsync(spliced.Samples, new TranscriptionRequest { Language = "en" });

        Transcripts.Segments(events).ShouldAllBe(segment => segment.Language == "en");
    }

    [Theory]
    [InlineData(0, 0.8f)]
    [InlineData(11, 0.8f)]
    [InlineData(2, 0f)]
    [InlineData(2, 1.1f)]
    [InlineData(2, float.NaN)]
    public void TranscribeAsync_SwitchingOutOfRange_IsRefusedByName(int windows, float probability)
    {
        var request = new TranscriptionRequest { Switching = new LanguageSwitching { Windows = windows, Probability = probability } };

        Should.Throw<WhisperException>(() => _transcriber.TranscribeAsync(Transcripts.Blocks([]), request)).Field.ShouldBe("Switching");
    }

    private static IEnumerable<Recording> Of(string language, int count) =>
        Repository.Recordings.Where(recording => recording.Language == language).Take(count);

    private static string LanguageAt(Splice splice, TimeSpan place)
    {
        var index = splice.Onsets.Count(onset => onset <= place + TimeSpan.FromSeconds(1)) - 1;
        return splice.Recordings[Math.Max(0, index)].Language;
    }

    private async Task<int> ErrorsAloneAsync(IEnumerable<Recording> recordings)
    {
        var errors = 0;
        foreach (var recording in recordings)
        {
            var request = new TranscriptionRequest { Language = recording.Language };
            errors += WordErrorRate.Errors(recording.Text, await _transcriber.TextAsync(recording.Samples(), request));
        }
        return errors;
    }

    private static void Log(List<TranscriptionEvent> events)
    {
        foreach (var segment in Transcripts.Segments(events))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{segment.Start} {segment.Language} {segment.Verdict} {segment.Text}");
        }
    }
}
