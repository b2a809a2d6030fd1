using System.Text.Json;
using Grpc.Core;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.FakeMesh;

namespace WhisperMesh.Cli.Tests;

public sealed class DetectCommandTests : CliFixture
{
    private static readonly LanguageProbability[] Heard =
        [new() { LanguageCode = "es", Probability = 0.9375f }, new() { LanguageCode = "pt", Probability = 0.0625f }];

    [Fact]
    public async Task Detect_OneFile_PrintsTheLanguagesLikeliestFirst()
    {
        Script.HearLanguages(Heard);

        var result = await RunAsync("detect", AudioFile("a.wav"), "--languages", "es, pt", "--model", "m");

        (result.ExitCode, result.Output, result.Error).ShouldBe((0, "es 0.938\npt 0.062\n", ""));
        Script.Configs.ShouldHaveSingleItem().ShouldBe(new TranscriptionConfig { Model = "m", LanguageCodes = { "es", "pt" } });
    }

    [Fact]
    public async Task Detect_Json_IsALineForEachFile()
    {
        Script.HearLanguages(Heard);

        var result = await RunAsync("detect", AudioFile("a.wav"), AudioFile("b.wav"), "--json");

        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Select(line => line.GetProperty("file").GetString()).ShouldBe([PathOf("a.wav"), PathOf("b.wav")]);
        lines[0].GetProperty("languages")[0].GetProperty("code").GetString().ShouldBe("es");
        lines[0].GetProperty("speech_seconds").GetDouble().ShouldBe(2.5);
    }

    [Fact]
    public async Task Detect_NoSpeech_WarnsAndPrintsNothing()
    {
        Script.HearLanguages();

        var result = await RunAsync("detect", AudioFile("a.wav"));

        (result.ExitCode, result.Output).ShouldBe((0, ""));
        result.ErrorLine.ShouldEndWith("warning: no speech was heard");
    }

    [Fact]
    public async Task Detect_OneFileRefused_TheOthersAreAskedAllTheSame()
    {
        Script.HearLanguages(Heard);

        var result = await RunAsync("detect", PathOf("missing.wav"), AudioFile("b.wav"));

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.Output.ShouldContain("es 0.938");
    }

    [Fact]
    public async Task Detect_Refused_SaysWhy()
    {
        Script.Detect = (_, _) => throw FakeMeshScript.Error(
            StatusCode.InvalidArgument, "LANGUAGE_NOT_SUPPORTED", "Unknown language.", "language_codes");

        var result = await RunAsync("detect", AudioFile("a.wav"), "--languages", "xx");

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.ErrorLine.ShouldContain("Unknown language. [LANGUAGE_NOT_SUPPORTED]");
    }
}
