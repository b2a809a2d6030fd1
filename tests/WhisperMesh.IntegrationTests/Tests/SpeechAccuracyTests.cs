using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.IntegrationTests.Tests;

[Collection(StandardMesh.Collection)]
public sealed class SpeechAccuracyTests(StandardMesh standard, ITestOutputHelper output)
{
    private const int WordsInAll = 148;
    private const int MostErrors = 8;

    [Fact]
    public async Task Transcriptions_EnglishRecordings_FewWordErrors()
    {
        var words = 0;
        var errors = 0;
        foreach (var recording in Recordings.English)
        {
            var heard = await standard.Mesh.TextOfAsync(await Read(recording), recording.File);
            var wrong = WordErrorRate.Errors(recording.Text, heard);
            words += WordErrorRate.Words(recording.Text).Length;
            errors += wrong;
            output.WriteLine($"{wrong} {recording.File}: {heard}");
        }

        output.WriteLine($"{errors} errors in {words} words");
        words.ShouldBe(WordsInAll);
        errors.ShouldBeLessThanOrEqualTo(MostErrors);
    }

    [Fact]
    public async Task Transcriptions_FileBeforeTheOtherFields_HonoursThem()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(await Read(Recordings.Named("en-vm-intro.wav"))), "file", "en-vm-intro.wav" },
            { new StringContent("whisper-1"), "model" },
            { new StringContent("srt"), "response_format" },
        };

        using var response = await standard.Mesh.TranscribeAsync(form);

        response.IsSuccessStatusCode.ShouldBeTrue();
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith("1\n00:00:0");
    }

    private static Task<byte[]> Read(Recording recording) => File.ReadAllBytesAsync(recording.Path, TestContext.Current.CancellationToken);
}
