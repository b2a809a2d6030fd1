using System.Text.Json;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Tests;

public sealed class StatusCommandTests : CliFixture
{
    [Fact]
    public async Task Status_Table_ShowsModelsAndWorkers()
    {
        AddModel();

        var result = await RunAsync("status");

        result.ExitCode.ShouldBe(0);
        result.Output.ShouldContain("healthy");
        result.Output.ShouldContain("whisper-base");
        result.Output.ShouldContain("whisper-1");
    }

    [Fact]
    public async Task Status_Json_IsOneDocument()
    {
        AddModel();

        var result = await RunAsync("status", "--json");

        var json = JsonDocument.Parse(result.Output).RootElement;
        json.GetProperty("healthy").GetBoolean().ShouldBeTrue();
        json.GetProperty("models")[0].GetProperty("worker_count").GetInt32().ShouldBe(2);
        json.GetProperty("models")[0].GetProperty("kind").GetString().ShouldBe("transcription");
    }

    [Fact]
    public async Task Status_NotServing_ExitsWithFailure()
    {
        Script.Serving = false;

        var result = await RunAsync("status");

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.Output.ShouldContain("not ready");
        result.Output.ShouldContain("No worker is registered.");
    }

    [Fact]
    public async Task Status_NothingListens_ExitsWithUnreachable()
    {
        var result = await RunAsync("status", "--server", "127.0.0.1:1");

        result.ExitCode.ShouldBe(ExitCodes.Unreachable);
        result.ErrorLine.ShouldStartWith("whispermesh: the server cannot be reached");
    }

    private void AddModel() => Script.Models.Add(new Model
    {
        Id = "whisper-base",
        Kind = ModelKind.Transcription,
        WorkerCount = 2,
        Aliases = { "whisper-1" },
        LanguageCodes = { "en", "es" },
    });
}
