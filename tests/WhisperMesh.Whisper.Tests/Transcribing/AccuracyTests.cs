using WhisperMesh.Testing;

namespace WhisperMesh.Whisper.Tests.Transcribing;

public sealed class AccuracyTests(ModelFixture fixture)
{
    private readonly Transcriber _transcriber = new(fixture.Model, fixture.Vad);

    [Fact]
    public async Task TranscribeAsync_EnglishRecordings_HasAtMostEightErrors()
    {
        var errors = await ErrorsAsync(Repository.Recordings.Where(r => r.Language == "en"));

        errors.ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public async Task TranscribeAsync_AllRecordings_HasAtMostFortySixErrors()
    {
        var errors = await ErrorsAsync(Repository.Recordings);

        errors.ShouldBeLessThanOrEqualTo(46);
    }

    private async Task<int> ErrorsAsync(IEnumerable<Recording> recordings)
    {
        var errors = 0;
        foreach (var recording in recordings)
        {
            var heard = await _transcriber.TextAsync(recording.Samples(), new TranscriptionRequest { Language = recording.Language });
            var wrong = WordErrorRate.Errors(recording.Text, heard);
            TestContext.Current.TestOutputHelper?.WriteLine($"{wrong} {recording.File}: {heard}");
            errors += wrong;
        }
        return errors;
    }
}
