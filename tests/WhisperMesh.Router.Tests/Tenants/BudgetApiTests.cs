using System.Net;
using System.Net.Http.Json;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tenants.Usage;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Tenants;

public sealed class BudgetApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Headers_OnSuccessAndOnABadRequest_SayHowTheBudgetStands()
    {
        await using var mesh = await TenantMesh.StartAsync();
        var key = await mesh.CreateKeyAsync("one", new { requests_per_minute = 5, audio_minutes_per_day = 10 });

        using var good = await TranscribeAsync(mesh, key);
        using var bad = await mesh.SendAsync(HttpMethod.Post, "/v1/audio/transcriptions", key.Key, Forms.Of(("colour", "red")));

        good.StatusCode.ShouldBe(HttpStatusCode.OK);
        good.Headers.GetValues("x-ratelimit-limit-requests").ShouldBe(["5"]);
        good.Headers.GetValues("x-ratelimit-remaining-requests").ShouldBe(["4"]);
        good.Headers.GetValues("x-ratelimit-limit-audio-seconds").ShouldBe(["600"]);
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        bad.Headers.GetValues("x-ratelimit-remaining-requests").ShouldBe(["4"]);
    }

    [Fact]
    public async Task Requests_UsedUp_429BeforeTheUploadIsRead()
    {
        await using var mesh = await TenantMesh.StartAsync();
        var key = await mesh.CreateKeyAsync("one", new { requests_per_minute = 1 });
        (await TranscribeAsync(mesh, key)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var refused = await TranscribeAsync(mesh, key);

        await ApiTest.ShouldBeErrorAsync(refused, HttpStatusCode.TooManyRequests, null, "rate_limit_exceeded", "rate_limit_error");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        mesh.Worker.Speech.Configs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Requests_UsedUp_GrpcSaysSoWithTrailersAndRetryInfo()
    {
        await using var mesh = await TenantMesh.StartAsync();
        var key = await mesh.CreateKeyAsync("one", new { requests_per_minute = 1 });

        (await SpeakAsync(mesh, key)).GetValue("x-ratelimit-remaining-requests").ShouldBe("0");
        var refused = await Should.ThrowAsync<RpcException>(() => SpeakAsync(mesh, key));

        refused.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        RpcErrorDetails.From(refused).Reason.ShouldBe("RATE_LIMIT_EXCEEDED");
        RpcErrorDetails.From(refused).RetryAfter.ShouldNotBeNull();
        refused.Trailers.GetValue("x-ratelimit-remaining-requests").ShouldBe("0");
    }

    [Fact]
    public async Task Audio_WhatARequestReallyTook_IsWhatCounts()
    {
        await using var mesh = await TenantMesh.StartAsync();
        var key = await mesh.CreateKeyAsync("one", new { audio_minutes_per_day = 0.1 });

        // Each takes 2.5 seconds of the 6, by the worker's account: the third finds too little left only once 7.5 are taken.
        for (var i = 0; i < 3; i++)
        {
            (await TranscribeAsync(mesh, key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var refused = await TranscribeAsync(mesh, key);
        await ApiTest.ShouldBeErrorAsync(refused, HttpStatusCode.TooManyRequests, null, "insufficient_quota", "rate_limit_error");
        refused.Headers.GetValues("x-ratelimit-remaining-audio-seconds").ShouldBe(["0"]);
    }

    [Fact]
    public async Task Characters_OfAFailedRequest_AreGivenBack()
    {
        await using var mesh = await TenantMesh.StartAsync();
        var key = await mesh.CreateKeyAsync("one", new { characters_per_day = 10 });
        mesh.Worker.Speech.OnSynthesize = (_, _, _) => throw new RpcException(new Status(StatusCode.Unavailable, "no"));
        (await SayAsync(mesh, key, "1234567890")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        mesh.Worker.Speech.OnSynthesize = null;

        using var served = await SayAsync(mesh, key, "1234567890");

        served.StatusCode.ShouldBe(HttpStatusCode.OK);
        served.Headers.GetValues("x-ratelimit-remaining-characters").ShouldBe(["0"]);
    }

    [Fact]
    public async Task RedisGone_HalfOfWhatIsLeftIsLentAndCountedAfterwards()
    {
        var journal = Directory.CreateTempSubdirectory("whispermesh-journal-").FullName;
        try
        {
            await using var mesh = await TenantMesh.StartAsync(new() { ["Router:Usage:JournalDirectory"] = journal });
            var key = await mesh.CreateKeyAsync("one", new { characters_per_day = 50 });
            (await SayAsync(mesh, key, "1234567890")).StatusCode.ShouldBe(HttpStatusCode.OK);
            await mesh.Redis.KillAsync();

            // Of the 40 that are left this router may lend 20.
            (await SayAsync(mesh, key, "1234567890")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await SayAsync(mesh, key, "1234567890")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await SayAsync(mesh, key, "1234567890")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);

            // Back without its data: what was journaled is all that it knows.
            await mesh.Redis.StartAsync(Token);
            await TenantMesh.UntilConnectedAsync(mesh.Router);
            var store = mesh.Router.Services.GetRequiredService<UsageStore>();
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            await Bounds.UntilAsync(async () =>
                (await store.ReadAsync("one", today, Token)).Values.Sum(amounts => amounts.Characters) == 20);
            Directory.GetFiles(journal, "*", SearchOption.AllDirectories).ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(journal, recursive: true);
        }
    }

    [Fact]
    public async Task OpenMesh_StarBudget_BoundsEverybody()
    {
        var configuration = new MeshConfiguration
        {
            Tenants = new Dictionary<string, TenantSettings> { ["*"] = new() { Budgets = new BudgetSettings { RequestsPerMinute = 1 } } },
        };
        await using var mesh = await TenantMesh.StartAsync(new() { ["Router:Keys:Required"] = "false" }, configuration: configuration);

        (await mesh.SendAsync(HttpMethod.Post, "/v1/audio/speech", null, Speech("one"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await mesh.SendAsync(HttpMethod.Post, "/v1/audio/speech", null, Speech("two"))).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    private static Task<HttpResponseMessage> TranscribeAsync(TenantMesh mesh, MadeKey key) =>
        mesh.SendAsync(HttpMethod.Post, "/v1/audio/transcriptions", key.Key, Forms.Of(("model", "whisper-1")));

    private static Task<HttpResponseMessage> SayAsync(TenantMesh mesh, MadeKey key, string text) =>
        mesh.SendAsync(HttpMethod.Post, "/v1/audio/speech", key.Key, Speech(text));

    private static JsonContent Speech(string text) => JsonContent.Create(new { model = "tts-1", input = text, response_format = "wav" });

    /// <summary>Speaks over gRPC and returns the trailers.</summary>
    private static async Task<Metadata> SpeakAsync(TenantMesh mesh, MadeKey key)
    {
        using var call = mesh.Router.Synthesis.Synthesize(
            new SynthesizeRequest { Text = "Hello." }, new Metadata { { "authorization", $"Bearer {key.Key}" } }, cancellationToken: Token);
        await foreach (var message in call.ResponseStream.ReadAllAsync(Token))
        {
            message.ShouldNotBeNull();
        }

        return call.GetTrailers();
    }
}
