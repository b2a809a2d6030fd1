using System.Text.Json;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary><c>whispermesh live</c> against the mesh.</summary>
[Collection(StandardMesh.Collection)]
public sealed class LiveCommandLineTests(StandardMesh standard) : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private static readonly Recording Talk = Recordings.Named("en-vm-intro.wav");

    private readonly string _folder = Directory.CreateTempSubdirectory("whispermesh-it-live-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("0")]
    [InlineData("4")]
    public async Task Live_Recording_GivesItsWords(string speed)
    {
        var (exitCode, log) = await RunAsync("live", Talk.Path, "--speed", speed, "--language", "en");

        exitCode.ShouldBe(0, log);
        ShouldBeTheTalk(log);
    }

    [Fact]
    public async Task Live_CompressedFile_GoesThroughFfmpeg()
    {
        var compressed = Path.Combine(_folder, "talk.mp3");
        await Ffmpeg.ConvertAsync(Talk.Path, compressed);

        var (exitCode, log) = await RunAsync("live", compressed, "--speed", "0", "--language", "en");

        exitCode.ShouldBe(0, log);
        ShouldBeTheTalk(log);
    }

    [Fact]
    public async Task Live_JsonAndSubtitles_TellTheSame()
    {
        var subtitles = Path.Combine(_folder, "talk.srt");
        (await RunAsync("live", Talk.Path, "--speed", "0", "--output", subtitles)).ExitCode.ShouldBe(0);

        var (exitCode, log) = await RunAsync("live", Talk.Path, "--speed", "0", "--format", "json");

        exitCode.ShouldBe(0, log);
        var events = log.Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var words = events.Where(each => each.GetProperty("event").GetString() == "update")
            .SelectMany(each => each.GetProperty("update").GetProperty("words").EnumerateArray())
            .Select(word => word.GetProperty("word").GetString());
        ShouldBeTheTalk(string.Concat(words));
        events[^1].GetProperty("summary").GetProperty("language").GetString().ShouldBe("en");
        var text = string.Join(' ', (await File.ReadAllLinesAsync(subtitles, Token)).Where(line => line.Any(char.IsLetter)));
        ShouldBeTheTalk(text);
    }

    [Fact]
    public async Task Live_Interrupted_EndsWellWithWhatWasSaid()
    {
        var audio = Path.Combine(_folder, "long.wav");
        var output = Path.Combine(_folder, "long.txt");
        await File.WriteAllBytesAsync(audio, Recordings.Joined(minimumSeconds: 600), Token);
        await using var process = ServiceProcess.Start(
            "whispermesh", Repository.Program("WhisperMesh.Cli", "whispermesh"), Environment, "live", audio, "--speed", "4", "--language", "en", "--output", output);
        await Eventually.HoldsAsync(() => File.Exists(output) && new FileInfo(output).Length > 0, Bound, () => $"no text came\n{process.Log}");

        await process.InterruptAsync();

        (await process.WaitForExitAsync(Bound)).ShouldBe(0);
        (await File.ReadAllTextAsync(output, Token)).ShouldEndWith("\n");
        await Eventually.HoldsAsync(async () => await standard.Mesh.LoadAsync() == 0, Bound, standard.Mesh.Logs);
    }

    [Fact]
    public async Task Live_ModelThatNobodyHas_IsRefused()
    {
        var (exitCode, log) = await RunAsync("live", Talk.Path, "--model", "none");

        exitCode.ShouldBe(1);
        log.ShouldContain("MODEL_NOT_FOUND");
    }

    private Dictionary<string, string> Environment => new() { ["WHISPERMESH_SERVER"] = standard.Mesh.Router.Grpc.ToString() };

    private static void ShouldBeTheTalk(string heard)
    {
        var expected = WordErrorRate.Words(Talk.Text);
        WordErrorRate.Errors(expected, WordErrorRate.Words(heard)).ShouldBeLessThanOrEqualTo(Math.Max(1, expected.Length / 10), heard);
    }

    private async Task<(int ExitCode, string Log)> RunAsync(params string[] arguments)
    {
        await using var process = ServiceProcess.Start("whispermesh", Repository.Program("WhisperMesh.Cli", "whispermesh"), Environment, arguments);
        var exitCode = await process.WaitForExitAsync(Bound);
        return (exitCode, process.Log);
    }
}
