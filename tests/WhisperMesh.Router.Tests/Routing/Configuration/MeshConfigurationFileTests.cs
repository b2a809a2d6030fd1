using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Routing.Configuration.Checks;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Routing.Policies;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Tests.Routing.Configuration;

/// <summary>A changed file counts at once, however it was changed; a wrong one does not.</summary>
public sealed class MeshConfigurationFileTests : IAsyncDisposable
{
    private const int Wrong = 202;
    private const int Unreadable = 204;

    private readonly string _folder = Directory.CreateTempSubdirectory("whispermesh-configuration-").FullName;
    private readonly LogRecorder<MeshConfigurationFile> _log = new();
    private MeshConfigurationFile? _file;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_folder, "mesh.json");

    private IReadOnlyList<string> RouteNames => [.. _file!.Current.Routes.Select(route => route.Name)];

    public async ValueTask DisposeAsync()
    {
        if (_file is not null)
        {
            await _file.StopAsync(Token);
            _file.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Start_WrongFile_SaysEachErrorWithThePath()
    {
        await File.WriteAllTextAsync(FilePath, """{ "routes": [{ "name": "a", "policy": "x" }, { "name": "a" }] }""", Token);

        var exception = await Should.ThrowAsync<StartupException>(() => StartAsync(TimeProvider.System));

        exception.Errors.Count.ShouldBe(2);
        exception.Errors.ShouldAllBe(error => error.StartsWith(FilePath + ": routes["));
    }

    [Fact]
    public async Task Start_NoFile_NamesTheSetting() =>
        (await Should.ThrowAsync<StartupException>(() => StartAsync(TimeProvider.System)))
            .Errors.ShouldHaveSingleItem().ShouldStartWith("Router:ConfigurationPath: ");

    [Fact]
    public async Task Change_WrittenInPlace_CountsAndWrongOnesDoNot()
    {
        await WriteAsync(FilePath, "one");
        await StartAsync(TimeProvider.System);
        RouteNames.ShouldBe(["one"]);

        await WriteAsync(FilePath, "two");
        await Bounds.UntilAsync(() => RouteNames.Contains("two"));

        await File.WriteAllTextAsync(FilePath, """{ "routes": [{ "name": "three", "policy": "x" }] }""", Token);
        await Bounds.UntilAsync(() => _log.Of(Wrong).Contains(
            FilePath + ": routes[0].policy: 'x' is none of affinity, least-load, lowest-latency, power-of-two, tiers, weighted."));
        RouteNames.ShouldBe(["two"]);

        await WriteAsync(FilePath, "four");
        await Bounds.UntilAsync(() => RouteNames.Contains("four"));
    }

    [Fact]
    public async Task Change_FileReplaced_Counts()
    {
        await WriteAsync(FilePath, "one");
        await StartAsync(TimeProvider.System);

        await WriteAsync(FilePath + "~", "two");
        File.Move(FilePath + "~", FilePath, overwrite: true);

        await Bounds.UntilAsync(() => RouteNames.Contains("two"));
    }

    [Fact]
    public async Task Change_LinkSwappedAsKubernetesDoes_Counts()
    {
        foreach (var version in (string[])["one", "two"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, ".." + version));
            await WriteAsync(Path.Combine(_folder, ".." + version, "mesh.json"), version);
        }

        var data = Path.Combine(_folder, "..data");
        Directory.CreateSymbolicLink(data, "..one");
        File.CreateSymbolicLink(FilePath, Path.Combine("..data", "mesh.json"));
        await StartAsync(TimeProvider.System);
        RouteNames.ShouldBe(["one"]);

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "..two");

        await Bounds.UntilAsync(() => RouteNames.Contains("two"));
    }

    [Fact]
    public async Task Change_ThatTheSystemDoesNotTellOf_CountsOnTheBeat()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;
        await WriteAsync(Path.Combine(elsewhere, "real.json"), "one");
        File.CreateSymbolicLink(FilePath, Path.Combine(elsewhere, "real.json"));
        var time = new FakeTimeProvider();
        await StartAsync(time);

        await WriteAsync(Path.Combine(elsewhere, "real.json"), "two");
        await Bounds.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return RouteNames.Contains("two");
        });
    }

    [Fact]
    public async Task Change_FileGoneForAWhile_TheOldOneStaysUntilItIsBack()
    {
        await WriteAsync(FilePath, "one");
        await StartAsync(TimeProvider.System);

        File.Move(FilePath, FilePath + ".old");
        await Bounds.UntilAsync(() => _log.Of(Unreadable).Count > 0);
        RouteNames.ShouldBe(["one"]);

        await WriteAsync(FilePath, "two");
        await Bounds.UntilAsync(() => RouteNames.Contains("two"));
    }

    private async Task StartAsync(TimeProvider time)
    {
        _file = new MeshConfigurationFile(
            Options.Create(new RouterOptions { ConfigurationPath = FilePath }),
            new HostingEnvironment { ContentRootPath = _folder },
            new ConfigurationReader([new ModelsCheck(), new RoutesCheck(Candidates.AllPolicies)]),
            time,
            _log);
        await _file.RunAsync(Token);
        await _file.StartAsync(Token);
    }

    private static Task WriteAsync(string path, string route) =>
        File.WriteAllTextAsync(path, $$"""{ "routes": [{ "name": "{{route}}" }] }""", Token);
}
