using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace Aspire.Hosting.Tests;

/// <summary>Small real processes, started, crashed and stopped.</summary>
public sealed class OrchestrationTests : IDisposable
{
    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Start_Service_IsHealthyThenStopsWithTheApplication()
    {
        var builder = TestApplication.CreateBuilder();
        var web = builder.AddWeb().WithArgs("--answer", "a b \"c\" ü").WithEnvironment("GREETING", "héllo");
        await using var app = builder.Build();

        await app.StartAsync(TestApplication.Token);
        await HealthyAsync(app, "web");
        var arguments = await _http.GetFromJsonAsync<string[]>(Url(web, "args"), TestApplication.Token);
        var environment = await _http.GetFromJsonAsync<Dictionary<string, string>>(Url(web, "environment"), TestApplication.Token);
        await app.StopAsync(TestApplication.Token);

        arguments.ShouldBe(["--answer", "a b \"c\" ü"]);
        environment!["GREETING"].ShouldBe("héllo");
        await Should.ThrowAsync<HttpRequestException>(() => _http.GetAsync(Url(web, "health"), TestApplication.Token));
        app.ResourceNotifications.TryGetCurrentState("web", out var state).ShouldBeTrue();
        state!.Snapshot.State!.Text.ShouldBe(KnownResourceStates.Finished);
    }

    [Fact]
    public async Task Run_ServiceThatCrashes_IsStartedAgainOnItsPort()
    {
        var builder = TestApplication.CreateBuilder();
        var web = builder.AddWeb();
        await using var app = builder.Build();
        await app.StartAsync(TestApplication.Token);
        await HealthyAsync(app, "web");
        var first = await _http.GetFromJsonAsync<int>(Url(web, "process"), TestApplication.Token);

        var crashed = app.ResourceNotifications.WaitForResourceAsync(
            "web", update => update.Snapshot.ExitCode == 7, TestApplication.Token);
        await Should.ThrowAsync<HttpRequestException>(async () =>
            (await _http.PostAsync(Url(web, "exit/7"), null, TestApplication.Token)).EnsureSuccessStatusCode());
        await crashed.WaitAsync(TestApplication.Bound, TestApplication.Token);
        await HealthyAsync(app, "web");

        (await _http.GetFromJsonAsync<int>(Url(web, "process"), TestApplication.Token)).ShouldNotBe(first);
        await app.StopAsync(TestApplication.Token);
    }

    [Fact]
    public async Task Run_ServiceThatNeverComesUp_IsGivenUpAndSoIsWhatWaitsForIt()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        var builder = TestApplication.CreateBuilder();
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
        var broken = builder.AddWeb("broken").WithArgs("--fail");
        builder.AddWeb("dependent").WaitFor(broken);
        await using var app = builder.Build();

        await app.StartAsync(TestApplication.Token);
        var failed = app.ResourceNotifications.WaitForResourceAsync(
            "dependent", update => update.Snapshot.State?.Text == KnownResourceStates.FailedToStart, TestApplication.Token);
        await TestApplication.EventuallyAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return failed.IsCompleted;
            },
            "the failure did not spread");

        app.ResourceNotifications.TryGetCurrentState("broken", out var state).ShouldBeTrue();
        state!.Snapshot.State!.Text.ShouldBe(KnownResourceStates.FailedToStart);
        state.Snapshot.ExitCode.ShouldBe(3);
        await app.StopAsync(TestApplication.Token);
    }

    [Fact]
    public async Task Stop_ServiceThatIgnoresTerminate_IsKilled()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        var builder = TestApplication.CreateBuilder();
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
        var web = builder.AddProject("web", TestApplication.Project).WithHttpEndpoint().WithArgs("--ignore-terminate");
        await using var app = builder.Build();
        await app.StartAsync(TestApplication.Token);
        var process = 0;
        await TestApplication.EventuallyAsync(() => (process = TryGetProcess(web)) != 0, "the service did not answer");

        var start = time.GetTimestamp();
        var stopped = app.StopAsync(TestApplication.Token);
        await TestApplication.EventuallyAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return stopped.IsCompleted;
            },
            "the stop took for ever");

        time.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromSeconds(8), "it is asked first");
        ProcessTable.IsAlive(process).ShouldBeFalse();
        app.ResourceNotifications.TryGetCurrentState("web", out var state).ShouldBeTrue();
        state!.Snapshot.State!.Text.ShouldBe(KnownResourceStates.Finished);
    }

    [Fact]
    public async Task Start_PortInUse_SaysWhichAndForWhat()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var builder = TestApplication.CreateBuilder();
        builder.AddProject("router", TestApplication.Project).WithHttpEndpoint(port, name: "grpc");
        await using var app = builder.Build();

        var exception = await Should.ThrowAsync<DistributedApplicationException>(() => app.StartAsync(TestApplication.Token));

        exception.Message.ShouldContain($"Port {port}");
        exception.Message.ShouldContain("'grpc' of 'router'");
    }

    [Theory]
    [InlineData("redis-server")]
    [InlineData("garnet")]
    public async Task Start_Redis_AnswersWhoKnowsThePassword(string server)
    {
        var builder = TestApplication.CreateBuilder(settings: ("Redis:Server", server));
        var redis = builder.AddRedis("redis").Resource;
        await using var app = builder.Build();
        await app.StartAsync(TestApplication.Token);
        await HealthyAsync(app, "redis");

        await RedisAssert.WorksAsync((await redis.GetConnectionStringAsync(TestApplication.Token))!);
        await RedisAssert.IsClosedAsync($"127.0.0.1:{redis.PrimaryEndpoint.Port}");
        var commands = ProcessTable.Read().Select(row => row.Command).ToArray();
        commands.ShouldNotContain(command => command.Contains(redis.Password, StringComparison.Ordinal));
        if (server == "garnet")
        {
            // Only this test's own server can have been told of a file that still holds its password.
            var files = commands.SelectMany(command => command.Split(' '))
                .Where(word => word.StartsWith(Path.GetTempPath(), StringComparison.Ordinal))
                .ToArray();
            files.ShouldNotBeEmpty();
            await TestApplication.EventuallyAsync(() => !files.Any(file => Holds(file, redis.Password)), "the file is still there");
        }

        await app.StopAsync(TestApplication.Token);
    }

    // Other programs' files are among them: some are sockets, some are gone before they are opened.
    private static bool Holds(string file, string text)
    {
        try
        {
            return File.Exists(file) && File.ReadAllText(file).Contains(text, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private int TryGetProcess(IResourceBuilder<ProjectResource> web)
    {
        try
        {
            using var answer = _http.Send(new HttpRequestMessage(HttpMethod.Get, Url(web, "process")), TestApplication.Token);
            using var reader = new StreamReader(answer.Content.ReadAsStream(TestApplication.Token));
            return int.Parse(reader.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static Uri Url(IResourceBuilder<ProjectResource> resource, string path) => new($"{resource.GetEndpoint("http").Url}/{path}");

    private static Task<ResourceEvent> HealthyAsync(DistributedApplication app, string name) => app.ResourceNotifications
        .WaitForResourceHealthyAsync(name, WaitBehavior.StopOnResourceUnavailable, TestApplication.Token)
        .WaitAsync(TestApplication.Bound, TestApplication.Token);
}
