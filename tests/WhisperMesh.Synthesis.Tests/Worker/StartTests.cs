using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Models;
using WhisperMesh.Synthesis.Sherpa;
using WhisperMesh.Synthesis.Worker;

namespace WhisperMesh.Synthesis.Tests.Worker;

[Collection(typeof(SharedWorker))]
public sealed class StartTests : IDisposable
{
    private static readonly string Voice = ModelFiles.Resolve(new SynthesisOptions().ModelPath, AppContext.BaseDirectory);

    private readonly string _folder = Directory.CreateTempSubdirectory("whispermesh-voice-").FullName;

    [Fact]
    public async Task Start_DamagedVoice_EndsWithAnErrorThatNamesTheFile()
    {
        var copy = CopyVoice();
        var tokens = Path.Combine(copy, "tokens.txt");
        await File.AppendAllTextAsync(tokens, "x", TestContext.Current.CancellationToken);

        var (code, errors) = await StartAsync(copy);

        code.ShouldBe(1);
        errors.ShouldContain($"{tokens} is damaged");
    }

    [Fact]
    public async Task Start_FileMissing_EndsWithAnErrorThatNamesTheFile()
    {
        var copy = CopyVoice();
        var phondata = Path.Combine(copy, "espeak-ng-data", "phondata");
        File.Delete(phondata);

        var (code, errors) = await StartAsync(copy);

        code.ShouldBe(1);
        errors.ShouldContain($"{phondata} does not exist");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<(int Code, string Errors)> StartAsync(string voice)
    {
        var console = Console.Error;
        using var errors = new StringWriter();
        Console.SetError(errors);
        try
        {
            var app = SynthesisWorker.Create("--Endpoints:HttpPort=0", "--Endpoints:GrpcPort=0", $"--Synthesis:ModelPath={voice}");
            return (await MeshHost.RunAsync(app), errors.ToString());
        }
        finally
        {
            Console.SetError(console);
        }
    }

    // With the sums beside it, as models/ has them.
    private string CopyVoice()
    {
        var copy = Path.Combine(_folder, Path.GetFileName(Voice));
        foreach (var name in PiperFiles.Required)
        {
            var file = new FileInfo(Path.Combine(copy, name));
            file.Directory!.Create();
            File.Copy(Path.Combine(Voice, name), file.FullName);
        }

        File.Copy(Path.Combine(Voice, "..", "SHA256SUMS"), Path.Combine(_folder, "SHA256SUMS"));
        return copy;
    }
}
