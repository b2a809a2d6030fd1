using System.Text.Json;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>The program <c>whispermesh</c> against the mesh.</summary>
[Collection(StandardMesh.Collection)]
public sealed class CommandLineTests(StandardMesh standard) : IDisposable
{
    private const string Sentence = "Please leave your message after the tone.";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("whispermesh-it-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Speak_ThenTranscribe_GivesTheSentenceBack()
    {
        var speech = Path.Combine(_folder, "speech.flac");
        (await RunAsync("speak", Sentence, "--output", speech)).ExitCode.ShouldBe(0);

        var (exitCode, log) = await RunAsync("transcribe", speech, "--language", "en");

        exitCode.ShouldBe(0, log);
        WordErrorRate.Errors(Sentence, log).ShouldBeLessThanOrEqualTo(1, log);
    }

    [Fact]
    public async Task Status_Json_ShowsTheWorkers()
    {
        var (exitCode, log) = await RunAsync("status", "--json");

        exitCode.ShouldBe(0, log);
        var models = JsonDocument.Parse(log).RootElement.GetProperty("models").EnumerateArray();
        models.Sum(model => model.GetProperty("worker_count").GetInt32()).ShouldBe(3);
    }

    [Fact]
    public async Task Transcribe_Interrupted_EndsWith130AndNoFile()
    {
        var audio = Path.Combine(_folder, "long.wav");
        await File.WriteAllBytesAsync(audio, Recordings.Joined(minimumSeconds: 600), TestContext.Current.CancellationToken);
        await using var process = Start("transcribe", audio, "--output", Path.Combine(_folder, "long.txt"));
        await Eventually.HoldsAsync(
            async () => await standard.Mesh.LoadAsync() == 1,
            Bound,
            () => $"no worker took it\n{process.Log}");

        await process.InterruptAsync();

        (await process.WaitForExitAsync(Bound)).ShouldBe(130);
        Directory.GetFiles(_folder).ShouldBe([audio]);
    }

    private async Task<(int ExitCode, string Log)> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        var exitCode = await process.WaitForExitAsync(Bound);
        return (exitCode, process.Log);
    }

    private ServiceProcess Start(params string[] arguments) => ServiceProcess.Start(
        "whispermesh",
        Repository.Program("WhisperMesh.Cli", "whispermesh"),
        new Dictionary<string, string> { ["WHISPERMESH_SERVER"] = standard.Mesh.Router.Grpc.ToString() },
        arguments);
}
