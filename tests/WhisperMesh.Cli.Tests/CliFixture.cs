using System.Text;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Tests.FakeMesh;

namespace WhisperMesh.Cli.Tests;

/// <summary>Runs the command line in this process against a fake mesh, in a folder of its own.</summary>
public abstract class CliFixture : IAsyncLifetime
{
    private FakeMeshServer _server = null!;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("whispermesh-cli-").FullName;

    private protected FakeMeshScript Script => _server.Script;

    private protected string Address => _server.Address.ToString();

    /// <summary>Folders that programs are looked for in.</summary>
    private protected string ProgramFolders { get; set; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    private protected Interruption Interruption { get; } = new();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await FakeMeshServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Interruption.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string AudioFile(string name)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, new byte[100]);
        return path;
    }

    protected string PathOf(string name) => Path.Combine(Folder, name);

    private protected Task<CliResult> RunAsync(params string[] args) => RunAsync(args, Stream.Null, Token);

    private protected async Task<CliResult> RunAsync(string[] args, Stream input, CancellationToken cancellationToken)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var binary = new MemoryStream();
        var host = new CliHost
        {
            OpenInput = () => input,
            OpenOutput = () => binary,
            Output = output,
            Error = error,
            Environment = name => name switch
            {
                ServerOption.EnvironmentVariable => Address,
                "PATH" => ProgramFolders,
                _ => null,
            },
            ShowsProgress = false,
            ShowsCaptions = false,
            Interruption = Interruption,
        };
        var exitCode = await CliApplication.RunAsync(args, host, cancellationToken);
        return new CliResult(exitCode, output.ToString(), error.ToString(), binary.ToArray());
    }

    protected static Stream Text(string text) => new MemoryStream(Encoding.UTF8.GetBytes(text));
}

internal sealed record CliResult(int ExitCode, string Output, string Error, byte[] Binary)
{
    /// <summary>The one line that a script gets to see.</summary>
    internal string ErrorLine => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem();
}
