using System.Runtime.CompilerServices;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Tests.Routing.Configuration;

public sealed class ExampleFileTests
{
    [Fact]
    public async Task Example_FromTheRepository_StartsARouter()
    {
        // The example's upstream takes its key from here.
        Environment.SetEnvironmentVariable("OPENAI_API_KEY", "sk-example");
        await using var router = await RouterHost.StartAsync(Path(ExamplePath()));

        (await router.Http.GetStringAsync("/v1/models", TestContext.Current.CancellationToken)).ShouldContain("list");
    }

    [Fact]
    public async Task Start_WrongFile_IsRefusedBeforeItListens()
    {
        var path = System.IO.Path.GetTempFileName();
        await File.WriteAllTextAsync(path, """{ "routes": [{ "name": "a", "policy": "x" }], "cache": { "timeToLive": 1 } }""", TestContext.Current.CancellationToken);

        var exception = await Should.ThrowAsync<StartupException>(() => RouterHost.StartAsync(Path(path)));

        exception.Errors.Count.ShouldBe(2);
        File.Delete(path);
    }

    private static Dictionary<string, string?> Path(string path) => new() { ["Router:ConfigurationPath"] = path };

    private static string ExamplePath([CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(here, "..", "..", "..", "..", "..", "mesh.example.json"));
}
