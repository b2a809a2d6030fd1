using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;

namespace WhisperMesh.Router.Tests.Tenants;

/// <summary>S09: two routers, one real Redis, and more calls at once than a budget has room for.</summary>
public sealed class BudgetRaceTests
{
    [Fact]
    public async Task Requests_ThousandAtOnceOverTwoRouters_ExactlyTheQuotaIsAdmitted()
    {
        const int Quota = 100;
        await using var mesh = await TenantMesh.StartAsync(configuration: Configured(new BudgetSettings { RequestsPerMinute = Quota }));
        var second = await mesh.AddRouterAsync();
        var keys = new[] { await mesh.CreateKeyAsync("one"), await mesh.CreateKeyAsync("one") };

        var statuses = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
        {
            using var response = await mesh.SendAsync(
                HttpMethod.Post, "/v1/audio/speech", keys[i % 2].Key, Speech(), i % 3 == 0 ? second : mesh.Router);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                ShouldAgree(response);
            }

            return response.StatusCode;
        }));

        statuses.Count(status => status == HttpStatusCode.OK).ShouldBe(Quota);
        statuses.Count(status => status == HttpStatusCode.TooManyRequests).ShouldBe(1000 - Quota);
    }

    [Fact]
    public async Task Streams_MoreAtOnceThanAllowed_OnlyThoseAreServedAndPlacesComeBack()
    {
        await using var mesh = await TenantMesh.StartAsync(configuration: Configured(new BudgetSettings { ConcurrentStreams = 3 }));
        var second = await mesh.AddRouterAsync();
        var key = await mesh.CreateKeyAsync("one");
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        mesh.Worker.Speech.OnSynthesize = async (request, responses, context) =>
        {
            await gate.Task.WaitAsync(context.CancellationToken);
            await responses.WriteAsync(Events.SynthesisStarted(request, "one"), context.CancellationToken);
            await responses.WriteAsync(Events.Audio("audio"), context.CancellationToken);
            await responses.WriteAsync(Events.SynthesisSummary(request, "one"), context.CancellationToken);
        };

        var calls = Enumerable.Range(0, 12).Select(i => mesh.SendAsync(
            HttpMethod.Post, "/v1/audio/speech", key.Key, Speech(), i % 2 == 0 ? second : mesh.Router)).ToList();
        await Bounds.UntilAsync(() => calls.Count(call => call.IsCompleted) == 9);
        gate.SetResult();
        var statuses = (await Task.WhenAll(calls)).Select(response => response.StatusCode).ToList();

        statuses.Count(status => status == HttpStatusCode.OK).ShouldBe(3);
        using var later = await mesh.SendAsync(HttpMethod.Post, "/v1/audio/speech", key.Key, Speech());
        later.StatusCode.ShouldBe(HttpStatusCode.OK);
        later.Headers.GetValues("x-ratelimit-remaining-streams").ShouldBe(["2"]);
    }

    [Fact]
    public async Task Characters_RacedOverTwoRouters_NeverOverspent()
    {
        await using var mesh = await TenantMesh.StartAsync(configuration: Configured(new BudgetSettings { CharactersPerDay = 100 }));
        var second = await mesh.AddRouterAsync();
        var key = await mesh.CreateKeyAsync("one");

        var statuses = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            using var response = await mesh.SendAsync(
                HttpMethod.Post, "/v1/audio/speech", key.Key, Speech("seven c"), i % 2 == 0 ? second : mesh.Router);
            return response.StatusCode;
        }));

        statuses.Count(status => status == HttpStatusCode.OK).ShouldBe(100 / 7);
        using var over = await mesh.SendAsync(HttpMethod.Post, "/v1/audio/speech", key.Key, Speech("seven c"));
        await ApiTest.ShouldBeErrorAsync(over, HttpStatusCode.TooManyRequests, null, "insufficient_quota", "rate_limit_error");
        over.Headers.GetValues("x-ratelimit-remaining-characters").ShouldBe(["2"]);
    }

    private static JsonContent Speech(string text = "Hello.") =>
        JsonContent.Create(new { model = "tts-1", input = text, response_format = "wav" });

    private static MeshConfiguration Configured(BudgetSettings budgets) => new()
    {
        Tenants = new Dictionary<string, TenantSettings> { ["one"] = new() { Budgets = budgets } },
    };

    private static void ShouldAgree(HttpResponseMessage response)
    {
        response.Headers.GetValues("x-ratelimit-limit-requests").ShouldBe(["100"]);
        response.Headers.GetValues("x-ratelimit-remaining-requests").ShouldBe(["0"]);
        var wait = response.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        wait.ShouldBeInRange(1, 60);
        var reset = response.Headers.GetValues("x-ratelimit-reset-requests").ShouldHaveSingleItem();
        var seconds = reset == "1m0s" ? 60 : int.Parse(reset.TrimEnd('s'), CultureInfo.InvariantCulture);
        seconds.ShouldBe((int)wait);
    }
}
