using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.ResourceService;

namespace Aspire.Hosting.Tests;

/// <summary>What the dashboard may see and do, over the wire that it uses.</summary>
public sealed class ResourceControlTests(ControlledApplication running) : IClassFixture<ControlledApplication>
{
    [Fact]
    public async Task Resources_Watched_TellStateEndpointsAndMaskedEnvironment()
    {
        var web = await NextAsync("web", each => each.Health == "Healthy");

        web.State.ShouldBe(KnownResourceStates.Running);
        web.Endpoints.ShouldHaveSingleItem().Url.ShouldBe(running.WebUrl);
        web.ProcessId.ShouldNotBeNull();
        web.Started.ShouldNotBeNull();
        web.Environment.ShouldContain(new ResourceVariable("Greeting", "hello", IsMasked: false));
        web.Environment.Single(each => each.Name == "Mesh__Secret").ShouldSatisfyAllConditions(
            each => each.IsMasked.ShouldBeTrue(), each => each.Value.ShouldNotContain("hunter2"));
        web.Environment.Single(each => each.Name == "OTEL_EXPORTER_OTLP_HEADERS").IsMasked.ShouldBeTrue();
    }

    [Fact]
    public async Task Stop_OnDemand_StaysStoppedUntilStartedAndDependentsGoOn()
    {
        var before = await NextAsync("web", _ => true);
        (await CommandAsync("web", ResourceCommands.Stop)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var stopped = await NextAsync("web", _ => true);
        var again = await CommandAsync("web", ResourceCommands.Stop);
        var dependent = await NextAsync("dependent", _ => true);
        (await CommandAsync("web", ResourceCommands.Start)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var started = await NextAsync("web", each => each.Health == "Healthy");

        stopped.State.ShouldBe(KnownResourceStates.Finished);
        stopped.Commands.ShouldBe([ResourceCommands.Start]);
        stopped.ProcessId.ShouldBeNull();
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await again.Content.ReadAsStringAsync(TestApplication.Token)).ShouldBe("web is stopped.");
        dependent.Health.ShouldBe("Healthy");
        started.Restarts.ShouldBe(before.Restarts + 1);
    }

    [Fact]
    public async Task Restart_OnDemand_IsAnotherProcessOnTheSamePort()
    {
        await NextAsync("web", each => each.Health == "Healthy"); // another test may have just restarted it
        var first = await running.Http.GetFromJsonAsync<int>(running.WebUrl + "/process", TestApplication.Token);

        (await CommandAsync("web", ResourceCommands.Restart)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await NextAsync("web", each => each.Health == "Healthy");

        var second = await running.Http.GetFromJsonAsync<int>(running.WebUrl + "/process", TestApplication.Token);
        second.ShouldNotBe(first);
        ProcessTable.IsAlive(first).ShouldBeFalse();
    }

    [Fact]
    public async Task Console_Read_TellsWhatHappenedInOrder()
    {
        await CommandAsync("web", ResourceCommands.Restart);
        var lines = new List<string>();
        await foreach (var line in ReadAsync<ConsoleLine>(ResourceProtocol.ConsolePath("web")))
        {
            lines.Add(line.Text);
            if (lines.Count(text => text.StartsWith("web started, process ", StringComparison.Ordinal)) == 2)
            {
                break;
            }
        }

        lines[0].ShouldStartWith("web started, process ");
    }

    [Fact]
    public async Task Commands_UnknownOrForTheDashboard_AreRefused()
    {
        (await CommandAsync("nobody", ResourceCommands.Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await CommandAsync("web", "explode")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await CommandAsync("web", ResourceCommands.Start)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await CommandAsync("aspire-dashboard", ResourceCommands.Stop)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Requests_WithoutTheKey_AreRefused()
    {
        using var stranger = new HttpClient { BaseAddress = running.Http.BaseAddress };

        (await stranger.GetAsync(ResourceProtocol.ResourcesPath, TestApplication.Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.PostAsync(ResourceProtocol.CommandPath("web", "stop"), null, TestApplication.Token))
            .StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private Task<HttpResponseMessage> CommandAsync(string id, string command) =>
        running.Http.PostAsync(ResourceProtocol.CommandPath(id, command), null, TestApplication.Token);

    private async Task<ResourceMessage> NextAsync(string id, Func<ResourceMessage, bool> wanted)
    {
        await foreach (var message in ReadAsync<ResourceMessage>(ResourceProtocol.ResourcesPath))
        {
            if (message.Id == id && wanted(message))
            {
                return message;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private async IAsyncEnumerable<T> ReadAsync<T>(string path)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestApplication.Token);
        bound.CancelAfter(TestApplication.Bound);
        using var reader = new StreamReader(await running.Http.GetStreamAsync(path, bound.Token));
        while (await reader.ReadLineAsync(bound.Token) is { } line)
        {
            yield return (T)JsonSerializer.Deserialize(line, typeof(T), ResourceJson.Default)!;
        }
    }
}
