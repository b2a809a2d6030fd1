using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tenants;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Tenants;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Live;

/// <summary>Keys, budgets and usage of live streams.</summary>
public sealed class LiveTenantTests : IAsyncLifetime
{
    private TenantMesh _mesh = null!;

    public async ValueTask InitializeAsync()
    {
        _mesh = await TenantMesh.StartAsync();
        _mesh.Router.Directory.Workers = [_mesh.Worker.LiveLease];
    }

    public async ValueTask DisposeAsync() => await _mesh.DisposeAsync();

    [Fact]
    public async Task Resume_WithAnotherTenantsKey_IsNotFoundAsIfThereWereNone()
    {
        var (one, two) = (await _mesh.CreateKeyAsync("one"), await _mesh.CreateKeyAsync("two"));
        using var client = await OpenAsync(one);
        await client.UntilStartedAsync();

        using var thief = await OpenAsync(two, new LiveConfig { Resume = new LiveResume { Token = client.Started.ResumeToken } });
        using var guesser = await OpenAsync(two, new LiveConfig { Resume = new LiveResume { Token = "aaaaaaaaaaaaaaaaaaaaaa" } });

        var stolen = await Should.ThrowAsync<RpcException>(thief.NextAsync);
        var guessed = await Should.ThrowAsync<RpcException>(guesser.NextAsync);
        (stolen.StatusCode, stolen.Status.Detail).ShouldBe((StatusCode.NotFound, guessed.Status.Detail));

        // The stream itself has not noticed.
        await client.SayAsync("still mine.");
        await client.CompleteAsync();
        (await client.ReadAllAsync()).Finals.ShouldBe(["still mine."]);
    }

    [Fact]
    public async Task Streams_MoreAtOnceThanTheBudget_AreRefusedUntilOneEnds()
    {
        var key = await _mesh.CreateKeyAsync("one", new { concurrent_streams = 1 });
        using var first = await OpenAsync(key);
        await first.UntilStartedAsync();
        using (var second = await OpenAsync(key))
        {
            (await Should.ThrowAsync<RpcException>(second.NextAsync)).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        }

        await first.CompleteAsync();
        await first.ReadAllAsync();
        using var third = await OpenAsync(key);
        await third.UntilStartedAsync();
    }

    [Fact]
    public async Task Audio_BudgetIsSpent_WhatWasHeardIsToldThenItEnds()
    {
        // 3 seconds are 24,000 letters.
        var key = await _mesh.CreateKeyAsync("one", new { audio_minutes_per_day = 0.05 });
        using var client = await OpenAsync(key);
        await client.UntilStartedAsync();
        await client.SayAsync("heard " + new string('_', 23_900));
        await client.UntilWordAsync("heard");

        await client.SayAsync(new string('_', 8000));

        var error = await Should.ThrowAsync<RpcException>(client.ReadAllAsync);
        error.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        RpcErrorDetails.From(error).Reason.ShouldBe(ErrorReasons.InsufficientQuota);
        client.Finals.ShouldBe(["heard"]);
        client.Summary.ShouldNotBeNull();
        (await UsedAsync(key)).ShouldBe(23_906 / 8000.0, 0.001);
    }

    [Fact]
    public async Task Usage_StreamThatEnds_IsWhatCame()
    {
        var key = await _mesh.CreateKeyAsync("one", new { audio_minutes_per_day = 10 });
        using var client = await OpenAsync(key);
        await client.SayAsync("words." + new string('_', 9994));
        await client.CompleteAsync();
        await client.ReadAllAsync();

        (await UsedAsync(key)).ShouldBe(1.25);
        using var next = await OpenAsync(key);
        await next.UntilStartedAsync();
    }

    [Fact]
    public async Task Usage_StreamThatRuns_IsWrittenEachMinuteAndCountedOnce()
    {
        var key = await _mesh.CreateKeyAsync("one", new { audio_minutes_per_day = 10 });
        using var client = await OpenAsync(key);
        for (var second = 0; second < 61; second++)
        {
            await client.SayAsync("word" + new string('_', 7995) + ".");
        }

        await client.UntilAsync(_ => client.Finals.Count() == 61);
        await Bounds.UntilAsync(async () => await UsedAsync(key) == 61);
        await client.SayAsync("more." + new string('_', 3995));
        await client.CompleteAsync();
        await client.ReadAllAsync();

        (await UsedAsync(key)).ShouldBe(61.5);
        (await UsedAsync(key, "requests")).ShouldBe(1);
    }

    [Fact]
    public async Task Usage_ClientIsGoneForGood_IsWhatCame()
    {
        var key = await _mesh.CreateKeyAsync("one", new { audio_minutes_per_day = 10 });
        using (var client = await OpenAsync(key))
        {
            await client.SayAsync("words " + new string('_', 15_994));
            await client.UntilWordAsync("words");
        }

        var session = _mesh.Router.Services.GetRequiredService<LiveRegistry>().All.Single();
        session.EndAtOnce(LiveErrors.Abandoned());
        await session.Run.Bounded();

        (await UsedAsync(key)).ShouldBe(2);
    }

    [Fact]
    public async Task Send_AfterTheEnd_IsRefusedAtOnce()
    {
        var caller = new Caller { TenantId = "one", KeyId = "k", KeyBudgets = new BudgetSettings { AudioMinutesPerDay = 10 } };
        await using var connection = await _mesh.Router.Services.GetRequiredService<ILiveSessions>().ConnectAsync(
            new LiveConfig { AudioFormat = FakeLiveCall.Format },
            new RequestOrigin { RequestId = "r", Caller = caller },
            TestContext.Current.CancellationToken);
        await connection.AbandonAsync();

        // More than was reserved, so that the budget is asked once more.
        var audio = new StreamLiveRequest { Audio = new LiveAudio { Data = ByteString.CopyFrom(new byte[60_000]) } };
        var error = await Should.ThrowAsync<MeshException>(
            connection.SendAsync(audio, TestContext.Current.CancellationToken).AsTask().Bounded());

        error.StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    private async Task<double> UsedAsync(MadeKey key, string what = "audio_seconds")
    {
        using var response = await _mesh.SendAsync(HttpMethod.Get, "/v1/usage", key.Key);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(body).RootElement.GetProperty("total").GetProperty(what).GetDouble();
    }

    private Task<LiveClient> OpenAsync(MadeKey key, LiveConfig? config = null) => LiveClient.OpenAsync(_mesh.Router, config, key.Key);
}
