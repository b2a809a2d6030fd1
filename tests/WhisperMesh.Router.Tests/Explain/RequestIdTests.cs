using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Tenants;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Explain;

/// <summary>Every reply names its request: answers, errors, events, opened WebSockets and calls.</summary>
public sealed class RequestIdTests : IAsyncLifetime
{
    private const string Header = "x-request-id";

    private FakeWorker _worker = null!;
    private RouterHost _router = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await FakeWorker.StartAsync("one");
        _router = await RouterHost.StartAsync(_worker.LiveLease, _worker.SynthesisLease);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _worker.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("GET", "/v1/requests/nobody", 404)]
    [InlineData("DELETE", "/v1/models", 404)]
    [InlineData("GET", "/v1/models", 200)]
    [InlineData("GET", "/v1/models/nonsense", 404)]
    [InlineData("GET", "/v1/mesh", 200)]
    [InlineData("GET", "/v1/requests", 200)]
    [InlineData("GET", "/v1/live", 400)]
    [InlineData("GET", "/v1/realtime", 400)]
    [InlineData("GET", "/openapi/v1.json", 200)]
    [InlineData("GET", "/", 200)]
    [InlineData("POST", "/v1/audio/transcriptions", 400)]
    [InlineData("POST", "/v1/audio/speech", 400)]
    public async Task Reply_OfAnyKind_NamesTheRequest(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add(Header, "mine");
        using var named = await _router.Http.SendAsync(request, Token).Bounded();
        using var unnamed = await _router.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Token).Bounded();

        ((int)named.StatusCode).ShouldBe(status);
        named.Headers.GetValues(Header).ShouldBe(["mine"]);
        Guid.TryParse(unnamed.Headers.GetValues(Header).ShouldHaveSingleItem(), out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Reply_ToAnIdThatIsNone_SaysSoUnderAnother()
    {
        using var response = await _router.TranscribeAsync("not an id!");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Guid.TryParse(response.Headers.GetValues(Header).ShouldHaveSingleItem(), out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Reply_OfEvents_NamesTheRequest()
    {
        using var response = await _router.TranscribeAsync("r1", ("stream", "true"));

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        response.Headers.GetValues(Header).ShouldBe(["r1"]);
        (await _router.RecordAsync("r1")).Text("state").ShouldBe("served");
    }

    [Fact]
    public async Task Reply_OfEventsThatFail_NamesTheRequestAndItsRecordTheError()
    {
        _worker.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.SegmentAsync(0, 0, 1, "one");
            throw ServiceDefaults.Errors.MeshException.InvalidArgument("audio", "The rest can't be read.", "AUDIO_UNREADABLE");
        };
        using var response = await _router.TranscribeAsync("r1", ("stream", "true"));

        (await response.Content.ReadAsStringAsync(Token)).ShouldContain("\"type\":\"error\"");
        response.Headers.GetValues(Header).ShouldBe(["r1"]);
        (await _router.RecordAsync("r1")).Text("error_reason").ShouldBe("AUDIO_UNREADABLE");
    }

    [Theory]
    [InlineData("/v1/live")]
    [InlineData("/v1/realtime")]
    public async Task Upgrade_ToAWebSocket_NamesTheRequest(string path)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader(Header, "mine");
        await socket.ConnectAsync(new UriBuilder(_router.Http.BaseAddress!) { Scheme = "ws", Path = path }.Uri, Token).Bounded();

        socket.HttpResponseHeaders!.ToDictionary(StringComparer.OrdinalIgnoreCase)[Header].ShouldBe(["mine"]);
    }

    [Fact]
    public async Task Call_ServedOrFailed_NamesTheRequestInHeadersOrTrailers()
    {
        using var good = _router.Synthesis.Synthesize(new SynthesizeRequest { RequestId = "good", Text = "Hello." }, cancellationToken: Token);
        while (await good.ResponseStream.MoveNext(Token).Bounded())
        {
        }

        (await good.ResponseHeadersAsync.Bounded()).GetValue(Header).ShouldBe("good");
        good.GetTrailers().GetValue(Header).ShouldBe("good");

        using var bad = _router.Synthesis.Synthesize(new SynthesizeRequest { RequestId = "bad" }, cancellationToken: Token);
        var error = await Should.ThrowAsync<RpcException>(() => bad.ResponseStream.MoveNext(Token).Bounded());
        error.Trailers.GetValue(Header).ShouldBe("bad");

        // One that begins well and fails later.
        _worker.Speech.OnTranscribe = _ => throw ServiceDefaults.Errors.MeshException.InvalidArgument("audio", "No.", "AUDIO_UNREADABLE");
        var late = await Should.ThrowAsync<RpcException>(() => _router.TranscribeAsync(new TranscriptionConfig { RequestId = "late" }, new byte[10]).Bounded());
        late.Trailers.GetValue(Header).ShouldBe("late");

        // And those of services without ids of their own.
        using var models = _router.Models.ListModelsAsync(new ListModelsRequest(), new Metadata { { Header, "mine" } }, cancellationToken: Token);
        (await models.ResponseHeadersAsync.Bounded()).GetValue(Header).ShouldBe("mine");
    }

    [Fact]
    public async Task Health_Asked_IsNoRequest()
    {
        using var response = await _router.Http.GetAsync("/alive", Token).Bounded();

        response.Headers.Contains(Header).ShouldBeFalse();
    }

    [Fact]
    public async Task Refusal_ForKeyScopeOrBudget_NamesTheRequest()
    {
        await using var mesh = await TenantMesh.StartAsync();
        var key = await mesh.CreateKeyAsync("one", budgets: new { characters_per_day = 1 });
        using var none = await mesh.SendAsync(HttpMethod.Get, "/v1/mesh", null);
        using var scope = await mesh.SendAsync(HttpMethod.Get, "/v1/admin/keys", key.Key);
        using var budget = await mesh.SendAsync(HttpMethod.Post, "/v1/audio/speech", key.Key, JsonContent.Create(new { input = "Too long." }));

        none.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        scope.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        budget.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        none.Headers.Contains(Header).ShouldBeTrue();
        scope.Headers.Contains(Header).ShouldBeTrue();

        using var record = await mesh.SendAsync(HttpMethod.Get, $"/v1/requests/{budget.Headers.GetValues(Header).Single()}", key.Key);
        (await record.Content.ReadAsStringAsync(Token)).ShouldContain("INSUFFICIENT_QUOTA");
        record.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
