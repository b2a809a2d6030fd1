using System.Net.Http.Json;
using System.Text.Json;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Http;

/// <summary>What replies say of how they came about.</summary>
public sealed class NotesTests : ApiTest
{
    private const string Warning = "The keyword Zoë\nfound no room.";

    [Theory]
    [InlineData("json")]
    [InlineData("verbose_json")]
    public async Task Json_Notes_HaveLanguagesAndWarnings(string format)
    {
        Warn();

        using var response = await PostAsync("transcriptions", Forms.Of(("response_format", format)));

        var notes = JsonDocument.Parse(await BodyAsync(response)).RootElement.GetProperty("whispermesh");
        notes.GetProperty("warnings").EnumerateArray().Select(item => item.GetString()).ShouldBe([Warning, "Second."]);
        notes.GetProperty("languages").ToString().ShouldBe("""[{"code":"en","probability":0.75},{"code":"de","probability":0.25}]""");
        notes.GetProperty("route").GetProperty("worker").GetString().ShouldBe("one");
    }

    [Theory]
    [InlineData("text")]
    [InlineData("srt")]
    [InlineData("vtt")]
    [InlineData("json")]
    public async Task Header_Warnings_ArePrintableAscii(string format)
    {
        Warn();

        using var response = await PostAsync("transcriptions", Forms.Of(("response_format", format)));

        response.Headers.GetValues("x-whispermesh-warnings").ShouldBe(["The keyword Zo? found no room. Second."]);
    }

    [Fact]
    public async Task Stream_Done_CarriesTheNotes()
    {
        Warn();

        using var response = await PostAsync("transcriptions", Forms.Of(("stream", "true")));

        var last = (await BodyAsync(response)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        var done = JsonDocument.Parse(last["data: ".Length..]).RootElement;
        done.GetProperty("whispermesh").GetProperty("warnings").GetArrayLength().ShouldBe(2);
        done.GetProperty("languages").ToString().ShouldBe("""[{"code":"en"},{"code":"ja"}]""");
    }

    [Fact]
    public async Task Json_Translation_NamesNoLanguages()
    {
        using var response = await PostAsync("translations", Forms.Of());

        JsonDocument.Parse(await BodyAsync(response)).RootElement.TryGetProperty("languages", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Speech_VoiceThatAnotherStandsInFor_IsNoted()
    {
        using var response = await PostAsync("speech", JsonContent.Create(new { input = "Hello.", voice = "alloy" }));

        response.Headers.GetValues("x-whispermesh-warnings").ShouldBe(["The voice 'alloy' is not there; 'joe' speaks in its place."]);
    }

    [Fact]
    public async Task OpenApi_Replies_DescribeNotesAndHeaders()
    {
        var text = await Router.Http.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken).Bounded();

        var operation = JsonDocument.Parse(text).RootElement.GetProperty("paths").GetProperty("/v1/audio/transcriptions").GetProperty("post");
        var success = operation.GetProperty("responses").GetProperty("200");
        success.GetProperty("headers").TryGetProperty("x-whispermesh-warnings", out _).ShouldBeTrue();
        success.GetProperty("content").GetProperty("application/json").GetProperty("schema").ToString().ShouldContain("\"whispermesh\"");
        operation.GetProperty("requestBody").ToString().ShouldContain("\"silence_duration_ms\"");
    }

    private void Warn() => Worker.Speech.OnTranscribe = async call =>
    {
        await call.StartedAsync();
        await call.ReadAllAsync();
        await call.SegmentAsync(0, 0, 1, "Hello.");
        var other = Events.Segment(1, 1, 1, "Konnichiwa.");
        other.Segment.LanguageCode = "ja";
        await call.Responses.WriteAsync(other);
        var summary = Events.Summary(call.Config, "one", 2);
        summary.Summary.Warnings.Add([Warning, "Second."]);
        summary.Summary.LanguageProbabilities.Add(
            [new LanguageProbability { LanguageCode = "en", Probability = 0.75f }, new LanguageProbability { LanguageCode = "de", Probability = 0.25f }]);
        await call.Responses.WriteAsync(summary);
    };
}
