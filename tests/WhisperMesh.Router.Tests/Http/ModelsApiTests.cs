using System.Net;
using System.Text.Json;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Http;

public sealed class ModelsApiTests : ApiTest
{
    [Fact]
    public async Task Models_List_HasModelsAndAliasesInOpenAisShape()
    {
        var json = JsonDocument.Parse(await GetAsync("/v1/models")).RootElement;

        json.GetProperty("object").GetString().ShouldBe("list");
        json.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString())
            .ShouldBe(["piper", "tts-1", "whisper-1", "whisper-base"]);
        json.GetProperty("data")[0].ToString().ShouldBe("""{"id":"piper","object":"model","created":0,"owned_by":"whispermesh"}""");
    }

    [Fact]
    public async Task Models_Alias_IsFound() =>
        (await GetAsync("/v1/models/whisper-1")).ShouldBe("""{"id":"whisper-1","object":"model","created":0,"owned_by":"whispermesh"}""");

    [Fact]
    public async Task Models_Unknown_Is404()
    {
        using var response = await Router.Http.GetAsync("/v1/models/gpt-9", TestContext.Current.CancellationToken);

        await ShouldBeErrorAsync(response, HttpStatusCode.NotFound, "model", "model_not_found");
    }

    [Fact]
    public async Task ListModels_OverGrpc_CountsWorkers()
    {
        var response = await Router.Models.ListModelsAsync(
            new ListModelsRequest(), cancellationToken: TestContext.Current.CancellationToken);

        response.Models.Select(model => (model.Id, model.WorkerCount)).ShouldBe([("piper", 1), ("whisper-base", 1)]);
    }

    [Fact]
    public async Task OpenApi_Document_DescribesTheMultipartFields()
    {
        var paths = JsonDocument.Parse(await GetAsync("/openapi/v1.json")).RootElement.GetProperty("paths");

        var fields = paths.GetProperty("/v1/audio/transcriptions").GetProperty("post").GetProperty("requestBody").GetProperty("content")
            .GetProperty("multipart/form-data").GetProperty("schema").GetProperty("properties");
        fields.EnumerateObject().Select(field => field.Name).ShouldBe(
            [
                "file", "model", "prompt", "keywords[]", "temperature", "language", "languages[]", "response_format",
                "timestamp_granularities[]", "include[]", "chunking_strategy", "stream", "beam_size", "best_of", "carry_context", "request_class", "channels",
                "seed", "compression_ratio_threshold", "logprob_threshold", "no_speech_threshold",
                "language_switch_windows", "language_switch_probability",
            ],
            ignoreOrder: true);
        paths.EnumerateObject().Select(path => path.Name).ShouldContain("/v1/audio/speech");
    }

    [Theory]
    [InlineData("transcriptions")]
    [InlineData("translations")]
    [InlineData("speech")]
    public async Task OpenApi_Document_DescribesTheHeadersOfRequests(string operation)
    {
        var paths = JsonDocument.Parse(await GetAsync("/openapi/v1.json")).RootElement.GetProperty("paths");

        paths.GetProperty("/v1/audio/" + operation).GetProperty("post").GetProperty("parameters").EnumerateArray()
            .Where(parameter => parameter.GetProperty("in").GetString() == "header")
            .Select(parameter => parameter.GetProperty("name").GetString())
            .ShouldBe(["x-request-id", "x-whispermesh-timeout", "x-whispermesh-source", "x-whispermesh-labels", "x-whispermesh-session", "Cache-Control"]);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Health_Running_Is200(string path) => (await GetAsync(path)).ShouldNotBeNull();

    private Task<string> GetAsync(string path) => Router.Http.GetStringAsync(path, TestContext.Current.CancellationToken);
}
