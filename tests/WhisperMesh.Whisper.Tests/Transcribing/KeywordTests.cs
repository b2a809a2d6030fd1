using WhisperMesh.Testing;

namespace WhisperMesh.Whisper.Tests.Transcribing;

public sealed class KeywordTests(ModelFixture fixture)
{
    private readonly Transcriber _transcriber = new(fixture.Model, fixture.Vad);

    /// <summary>Without them the model writes "d'yelles", "boîte vacale" and "ansterisco".</summary>
    [Theory]
    [InlineData("fr-both_help", "dièse")]
    [InlineData("fr-vm-mailboxfull", "boîte vocale")]
    [InlineData("es-both_help", "asterisco")]
    public async Task TranscribeAsync_KeywordSaid_IsSpelledSo(string name, string keyword)
    {
        var recording = Repository.Named(name);
        var request = new TranscriptionRequest { Language = recording.Language };

        (await _transcriber.TextAsync(recording.Samples(), request)).ShouldNotContain(keyword, Case.Sensitive);
        (await _transcriber.TextAsync(recording.Samples(), request with { Keywords = [keyword] })).ShouldContain(keyword, Case.Sensitive);
    }

    [Fact]
    public async Task TranscribeAsync_KeywordsNotSaid_ChangeNothing()
    {
        var request = new TranscriptionRequest { Language = "en" };
        var samples = Repository.Named("en-sorry").Samples();

        var text = await _transcriber.TextAsync(samples, request with { Keywords = ["Kubernetes", "Postgres", "Nairobi"] });

        text.ShouldBe(await _transcriber.TextAsync(samples, request));
    }

    /// <summary>With a prompt the model likes to end after one of a window's sentences; the rest must be heard all the same.</summary>
    [Fact]
    public async Task TranscribeAsync_KeywordsOverSplicedRecordings_LosesNoSentence()
    {
        var spliced = Splice.Of(Repository.Recordings.Where(recording => recording.Language == "en"), 16_000);
        var request = new TranscriptionRequest { Language = "en" };
        var expected = string.Join(' ', spliced.Recordings.Select(recording => recording.Text));

        var plain = await _transcriber.TextAsync(spliced.Samples, request);
        var prompted = await _transcriber.TextAsync(spliced.Samples, request with { Keywords = ["Asterisk", "Digium"] });

        WordErrorRate.Errors(expected, prompted).ShouldBeLessThanOrEqualTo(WordErrorRate.Errors(expected, plain) + 3, prompted);
    }

    [Fact]
    public async Task TranscribeAsync_MoreKeywordsThanThePromptHolds_SaysWhichAreLeftOut()
    {
        string[] keywords = [.. Enumerable.Range(0, 60).Select(i => $"Zyxqwv{i}")];
        var request = new TranscriptionRequest { Language = "en", Keywords = keywords };

        var events = await _transcriber.EventsAsync(Repository.Named("en-sorry").Samples(), request);

        var warning = events[^1].ShouldBeOfType<Completed>().Warnings.ShouldHaveSingleItem();
        warning.ShouldContain(keywords[^1]);
        warning.ShouldNotContain(keywords[0] + ",");
    }
}
