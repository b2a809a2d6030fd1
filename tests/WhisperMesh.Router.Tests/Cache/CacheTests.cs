using System.Net;
using System.Text.Json;
using StackExchange.Redis;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Cache;

/// <summary>What is found again and what is not, with a real Redis.</summary>
public sealed class CacheTests(CacheFixture redis) : IAsyncLifetime
{
    private CachedMesh _mesh = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mesh = await CachedMesh.StartAsync(redis.ConnectionString);

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task Transcribe_SameUploadAgain_IsAHitWithTheSameBody()
    {
        var first = await PostAsync();
        var second = await PostAsync();

        (first.Cache, second.Cache, _mesh.Decodes).ShouldBe(("miss", "hit", 1));
        second.Transcript.ShouldBe(first.Transcript);
        (second.Worker, second.Reason).ShouldBe(("one", "cache"));
    }

    [Fact]
    public async Task Transcribe_AnotherUpload_IsAMiss()
    {
        await PostAsync();

        (await PostAsync(file: [.. Forms.Wav, 1])).Cache.ShouldBe("miss");
    }

    [Theory]
    [InlineData("response_format", "text")]
    [InlineData("response_format", "srt")]
    [InlineData("response_format", "vtt")]
    [InlineData("response_format", "verbose_json")]
    [InlineData("stream", "true")]
    [InlineData("model", "whisper-1")]
    [InlineData("temperature", "0")]
    [InlineData("best_of", "5")]
    [InlineData("request_class", "bulk")]
    public async Task Transcribe_AnotherFormatOrWriting_IsAHitOfTheOneResult(string field, string value)
    {
        await PostAsync();

        var second = await PostAsync(fields: (field, value));

        (second.Cache, _mesh.Decodes).ShouldBe(("hit", 1));
        second.Body.ShouldContain("2016 bytes");
    }

    [Theory]
    [InlineData("language", "de")]
    [InlineData("temperature", "0.5")]
    [InlineData("prompt", "Names")]
    [InlineData("seed", "1")]
    public async Task Transcribe_AnotherParameter_IsAMiss(string field, string value)
    {
        await PostAsync();

        ((await PostAsync(fields: (field, value))).Cache, _mesh.Decodes).ShouldBe(("miss", 2));
    }

    [Fact]
    public async Task Transcribe_WordsAskedForLater_AreMadeAndThenServeBoth()
    {
        await PostAsync();
        (string, string)[] words = [("response_format", "verbose_json"), ("timestamp_granularities[]", "word")];

        var later = await PostAsync(fields: words);
        var again = await PostAsync(fields: words);
        var without = await PostAsync(fields: ("response_format", "verbose_json"));

        (later.Cache, again.Cache, without.Cache, _mesh.Decodes).ShouldBe(("miss", "hit", "hit", 2));
        JsonDocument.Parse(again.Body).RootElement.GetProperty("words").GetArrayLength().ShouldBe(2);
        JsonDocument.Parse(without.Body).RootElement.TryGetProperty("words", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Transcribe_NoStore_IsNeitherReadNorWritten()
    {
        var first = await PostAsync(cacheControl: "no-store");
        var second = await PostAsync();
        var third = await PostAsync(cacheControl: "no-store");

        (first.Cache, second.Cache, third.Cache, _mesh.Decodes).ShouldBe((null, "miss", null, 3));
        _mesh.Worker.Speech.Configs.Select(config => config.CacheScope.Length > 0).ShouldBe([false, true, false]);
    }

    [Fact]
    public async Task Transcribe_NoCache_IsMadeAnewAndWritten()
    {
        await PostAsync();
        _mesh.Worker.Speech.OnTranscribe = call => AnswerAsync(call, "anew");

        var fresh = await PostAsync(cacheControl: "no-cache");
        await CachedMesh.UntilLandedAsync(_mesh.Router);

        fresh.Cache.ShouldBe("miss");
        // It is put away beside the answer.
        await UntilHitAsync("anew");
    }

    [Fact]
    public async Task Transcribe_OtherTenant_SeesNothingOfIt()
    {
        await PostAsync();

        var other = await PostAsync(tenant: "other");

        (other.Cache, _mesh.Decodes).ShouldBe(("miss", 2));
        _mesh.Worker.Speech.Configs.Select(config => config.CacheScope).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Transcribe_TenantThatKeepsNothing_IsNotCached()
    {
        _mesh.Configuration.Current = new MeshConfiguration
        {
            Tenants = new Dictionary<string, TenantSettings> { ["*"] = new() { NoStore = true } },
        };

        (await PostAsync()).Cache.ShouldBeNull();
        (await PostAsync()).Cache.ShouldBeNull();
    }

    [Fact]
    public async Task Transcribe_LifeOver_IsAMissAndLeavesNothing()
    {
        _mesh.Configuration.Current = new MeshConfiguration { Cache = new CacheSettings { TimeToLive = TimeSpan.FromSeconds(1) } };
        await PostAsync();
        await CachedMesh.UntilLandedAsync(_mesh.Router);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);

        await UntilAsync(async () => await CountAsync(connection) == 0);

        (await PostAsync()).Cache.ShouldBe("miss");
    }

    [Fact]
    public async Task Transcribe_MoreThanATenantMayKeep_DropsTheOldest()
    {
        await PostAsync();
        await CachedMesh.UntilLandedAsync(_mesh.Router);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var bytes = (int)await connection.GetDatabase().StringGetAsync(Prefix + "bytes");
        _mesh.Configuration.Current = new MeshConfiguration { Cache = new CacheSettings { MaxBytesPerTenant = (3 * bytes) + (bytes / 2) } };

        for (var i = 1; i <= 3; i++)
        {
            await PostAsync(file: [.. Forms.Wav, (byte)i]);
            await CachedMesh.UntilLandedAsync(_mesh.Router);
        }

        ((int)await connection.GetDatabase().StringGetAsync(Prefix + "bytes")).ShouldBeLessThanOrEqualTo((3 * bytes) + (bytes / 2));
        (await CountAsync(connection)).ShouldBe(3);
        (await PostAsync(file: [.. Forms.Wav, 3])).Cache.ShouldBe("hit");
        (await PostAsync()).Cache.ShouldBe("miss");
    }

    [Fact]
    public async Task Transcribe_ResultAboveTheBound_IsNotKept()
    {
        _mesh.Configuration.Current = new MeshConfiguration { Cache = new CacheSettings { MaxBytesPerTenant = 10 } };

        await PostAsync();
        await CachedMesh.UntilLandedAsync(_mesh.Router);

        (await PostAsync()).Cache.ShouldBe("miss");
    }

    [Fact]
    public async Task Transcribe_OtherWeightsUnderTheSameName_IsAMiss()
    {
        await PostAsync();
        await CachedMesh.UntilLandedAsync(_mesh.Router);
        _mesh.Router.Directory.Workers = [CachedMesh.LeaseOf(_mesh.Worker, "r2")];

        (await PostAsync()).Cache.ShouldBe("miss");
    }

    [Fact]
    public async Task Transcribe_WeightsUnknown_IsNotCached()
    {
        _mesh.Router.Directory.Workers = [CachedMesh.LeaseOf(_mesh.Worker, revision: "")];

        (await PostAsync()).Cache.ShouldBeNull();
        (await PostAsync()).Cache.ShouldBeNull();
        _mesh.Decodes.ShouldBe(2);
    }

    [Fact]
    public async Task Transcribe_Failure_IsNotKept()
    {
        _mesh.Worker.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.ReadAllAsync();
            await call.SegmentAsync(0, 0, 1, "half of it");
            throw ServiceDefaults.Errors.MeshException.InvalidArgument("audio", "Bad.", "AUDIO_UNREADABLE");
        };
        (await PostAsync()).Status.ShouldBe(HttpStatusCode.BadRequest);
        _mesh.Worker.Speech.OnTranscribe = null;

        (await PostAsync()).Cache.ShouldBe("miss");
    }

    [Fact]
    public async Task Transcribe_OverGrpcAfterHttp_IsAHitWithItsOwnIdAndTimes()
    {
        await PostAsync();
        // A worker that would keep the call waiting: only the cache can answer.
        _mesh.Worker.Speech.OnTranscribe = call => call.HangAsync();

        var events = await _mesh.Router.TranscribeAsync(new TranscriptionConfig { RequestId = "mine" }, Forms.Wav).Bounded();

        events[0].Started.RequestId.ShouldBe("mine");
        var summary = events[^1].Summary;
        (summary.RequestId, summary.Route.Cache, summary.WorkerId, summary.Attempt).ShouldBe(("mine", CacheResult.Hit, "one", 1));
        summary.Timings.Total.ShouldNotBeNull();
        events.Count(message => message.Segment is not null).ShouldBe(2);
        await Bounds.UntilAsync(() => _mesh.Router.Spool.OpenFiles == 0);
    }

    [Fact]
    public async Task Transcribe_OverHttpAfterGrpc_IsAHit()
    {
        var events = await _mesh.Router.TranscribeAsync(new TranscriptionConfig { CacheScope = "forged" }, Forms.Wav).Bounded();

        var second = await PostAsync();

        events[^1].Summary.Route.Cache.ShouldBe(CacheResult.Miss);
        (second.Cache, _mesh.Decodes).ShouldBe(("hit", 1));
        _mesh.Worker.Speech.Configs.Single().CacheScope.ShouldNotBe("forged");
    }

    [Fact]
    public async Task Transcribe_OverGrpcNoStore_IsHonoured()
    {
        await PostAsync();
        using var call = _mesh.Router.Transcription.StreamTranscribe(
            new global::Grpc.Core.Metadata { { "cache-control", "no-store" } }, cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
        await call.RequestStream.WriteAsync(
            new StreamTranscribeRequest { Audio = Google.Protobuf.ByteString.CopyFrom(Forms.Wav) }, Token);
        await call.RequestStream.CompleteAsync();

        var results = new List<CacheResult?>();
        while (await call.ResponseStream.MoveNext(Token))
        {
            results.Add(call.ResponseStream.Current.Summary?.Route.Cache);
        }

        results[^1].ShouldBe(CacheResult.Unspecified);
        _mesh.Decodes.ShouldBe(2);
    }

    private string Prefix => $"whispermesh:cache:{{{_mesh.Worker.Speech.Configs.First().CacheScope}}}:";

    private async Task<Answer> PostAsync(
        byte[]? file = null, string? cacheControl = null, string? tenant = null, params (string, string)[] fields) =>
        await Answer.OfAsync(_mesh.Router, Forms.WithFile(file ?? Forms.Wav, fields), cacheControl, tenant);

    private static async Task AnswerAsync(FakeCall call, string text)
    {
        await call.StartedAsync();
        await call.ReadAllAsync();
        await call.SegmentAsync(0, 0, 1, text);
        await call.SummaryAsync();
    }

    private Task UntilHitAsync(string text) => UntilAsync(async () => (await PostAsync()).Body.Contains(text, StringComparison.Ordinal));

    private async Task<int> CountAsync(ConnectionMultiplexer connection)
    {
        var count = 0;
        await foreach (var key in connection.GetServers()[0].KeysAsync(pattern: Prefix + "value:*"))
        {
            count++;
        }

        return count;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        end.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await beat.WaitForNextTickAsync(end.Token);
        }
    }
}

/// <summary>What a caller sees of an answer.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body, string? Cache, string? Worker, string? Reason)
{
    /// <summary>The body without what is this one request's: its id and its way.</summary>
    public string Transcript => Body.Split(",\"whispermesh\":{\"request_id\"")[0];

    public static async Task<Answer> OfAsync(
        RouterHost router, HttpContent form, string? cacheControl = null, string? tenant = null, CancellationToken cancellationToken = default)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form };
        request.Headers.TryAddWithoutValidation("Cache-Control", cacheControl ?? "max-stale");
        request.Headers.TryAddWithoutValidation(CachedMesh.TenantHeader, tenant);
        using var response = await router.Http.SendAsync(request, end.Token).Bounded();
        return new Answer(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(end.Token).Bounded(),
            Header(response, "x-whispermesh-cache"),
            Header(response, "x-whispermesh-worker"),
            Header(response, "x-whispermesh-route-reason"));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
