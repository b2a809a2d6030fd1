using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Routing;

/// <summary>Requests over the wire go where a configuration file says, and replies say why.</summary>
public sealed class RoutingTests : IAsyncLifetime
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("whispermesh-routing-").FullName, "mesh.json");
    private FakeWorker _spanish = null!;
    private FakeWorker _general = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        (_spanish, _general) = (await FakeWorker.StartAsync("spanish"), await FakeWorker.StartAsync("general"));

    public async ValueTask DisposeAsync()
    {
        await _spanish.DisposeAsync();
        await _general.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    [Fact]
    public async Task Spanish_GoesToItsWorkerAndToTheGeneralOneWhenThatDies()
    {
        await using var router = await StartAsync("""{ "routes": [{ "name": "spanish", "match": { "languages": ["es"] } }] }""");

        using (var response = await PostAsync(router, [], ("language", "es")))
        {
            Route(response).ShouldBe(("spanish", "spanish", "dedicated to es"));
        }

        using (var response = await PostAsync(router, [], ("language", "en")))
        {
            Route(response).ShouldBe(("general", "default", "only"));
        }

        _spanish.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.Requests.MoveNext(call.Context.CancellationToken);
            await _spanish.DieAfterFlushAsync(call.Context);
        };
        var events = await router.TranscribeAsync(new TranscriptionConfig { LanguageCode = "es" }, new byte[100]).Bounded();
        var route = events[^1].Summary.Route;
        (route.WorkerId, route.Name, route.AttemptCount).ShouldBe(("general", "spanish", 2));
    }

    [Fact]
    public async Task Routes_LabelHeaderAndSource_LeadToTheirPools()
    {
        await using var router = await StartAsync("""
            {
              "routes": [
                { "name": "label", "match": { "labels": { "kind": "call" } }, "pool": { "labels": { "zone": "south" } } },
                { "name": "header", "match": { "headers": { "x-team": "*" } }, "pool": { "labels": { "zone": "north" } } },
                { "name": "source", "match": { "sources": ["phone"] }, "pool": { "labels": { "zone": "moon" } }, "fallbacks": [{ "labels": { "zone": "south" } }] },
                { "name": "tenant", "match": { "tenants": ["local"], "tasks": ["translate"] }, "priority": "bulk" },
              ],
              "workers": [{ "match": { "id": "spanish" }, "labels": { "zone": "south" }, "languages": [] }],
            }
            """);

        (await RouteAsync(("x-whispermesh-labels", "kind=call"))).ShouldBe(("spanish", "label", "only"));
        (await RouteAsync(("X-Team", "a"))).ShouldBe(("general", "header", "only"));
        (await RouteAsync(("x-whispermesh-source", "phone"))).ShouldBe(("spanish", "source", "fallback: zone=south"));

        await router.TranscribeAsync(new TranscriptionConfig { Task = TranscriptionTask.Translate }, new byte[10]).Bounded();
        _spanish.Speech.Configs.Concat(_general.Speech.Configs).Single(config => config.Task == TranscriptionTask.Translate)
            .RequestClass.ShouldBe(RequestClass.Bulk);

        async Task<(string, string, string)> RouteAsync((string, string) header)
        {
            using var response = await PostAsync(router, [header]);
            return Route(response);
        }
    }

    [Fact]
    public async Task Models_AliasAndFallback_ServeUnderTheirNames()
    {
        await using var router = await StartAsync("""
            { "models": { "whisper-large": { "aliases": ["accurate", "whisper-1"], "fallbacks": ["whisper-base"] }, "whisper-base": { "aliases": ["fast"] } } }
            """);

        using (var response = await PostAsync(router, [], ("model", "fast")))
        {
            response.Headers.GetValues("x-whispermesh-model").ShouldBe(["whisper-base"]);
        }

        using (var response = await PostAsync(router, [], ("model", "accurate")))
        {
            Route(response).ShouldBe(("general", "default", "fallback: whisper-base"));
        }

        var models = await router.Models.ListModelsAsync(new ListModelsRequest(), cancellationToken: Token);
        models.Models.Select(model => (model.Id, string.Join(' ', model.Aliases), model.WorkerCount))
            .ShouldBe([("whisper-base", "fast", 2), ("whisper-large", "accurate whisper-1", 0)]);
        (await router.Http.GetAsync("/v1/models/accurate", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Reload_ChangedRoute_CountsWithoutARestartAndAWrongOneDoesNot()
    {
        await using var router = await StartAsync("""{ "routes": [{ "name": "one" }] }""");
        (await NameAsync()).ShouldBe("one");

        await File.WriteAllTextAsync(_path, """{ "routes": [{ "name": "two" }] }""", Token);
        await Bounds.UntilAsync(NameAsync, "two");

        await File.WriteAllTextAsync(_path, """{ "routes": [{ "nam": "three" }] }""", Token);
        (await NameAsync()).ShouldBe("two");

        async Task<string> NameAsync()
        {
            using var response = await PostAsync(router, []);
            return Route(response).Name;
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("1e3")]
    [InlineData("100000")]
    public async Task Timeout_BadValue_Is400AndNamesIt(string value)
    {
        await using var router = await StartAsync("{}");

        using var response = await PostAsync(router, [("x-whispermesh-timeout", value)]);

        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, "x-whispermesh-timeout");
    }

    [Fact]
    public async Task Timeout_OfHttpCaller_ReachesTheWorkerAsDeadline()
    {
        var deadline = new TaskCompletionSource<DateTime>();
        _general.Speech.OnTranscribe = async call =>
        {
            deadline.TrySetResult(call.Context.Deadline);
            await call.StartedAsync();
            await call.ReadAllAsync();
            await call.SummaryAsync();
        };
        await using var router = await StartAsync("""{ "routes": [{ "name": "a", "deadline": "01:00:00" }] }""");

        using (await PostAsync(router, [("x-whispermesh-timeout", "600.5")]))
        {
            (await deadline.Task.Bounded()).ShouldBeInRange(
                TimeProvider.System.GetUtcNow().UtcDateTime, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(601));
        }
    }

    [Fact]
    public async Task EarlyCheck_ModelThatOnlyAPoolHas_LetsTheUploadCome()
    {
        await using var router = await StartAsync("""
            { "routes": [{ "name": "a", "match": { "models": ["mine"] }, "pool": { "model": "whisper-base" } }] }
            """);

        using var served = await PostAsync(router, [], ("model", "mine"));
        using var refused = await PostAsync(router, [], ("model", "nobodys"));

        Route(served).ShouldBe(("general", "a", "only"));
        refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Labels_Malformed_AreRefusedOverGrpcToo()
    {
        await using var router = await StartAsync("{}");
        using var call = router.Transcription.StreamTranscribe(new Metadata { { "x-whispermesh-labels", "nonsense" } }, cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
        await call.RequestStream.CompleteAsync();

        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(Token).Bounded())).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    private async Task<RouterHost> StartAsync(string configuration)
    {
        await File.WriteAllTextAsync(_path, configuration, Token);
        return await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Router:ConfigurationPath"] = _path },
            Lease(_spanish, lease =>
            {
                lease.Capabilities.DedicatedLanguageCodes.Add("es");
                lease.Capabilities.Labels["zone"] = "south";
            }),
            Lease(_general, lease => lease.Capabilities.Labels["zone"] = "north"));
    }

    private static WorkerLease Lease(FakeWorker worker, Action<WorkerLease> change)
    {
        var lease = worker.Lease;
        lease.Capabilities.Models[0].Model.LanguageCodes.Add("es");
        change(lease);
        return lease;
    }

    private static async Task<HttpResponseMessage> PostAsync(
        RouterHost router, (string Name, string Value)[] headers, params (string, string)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions");
        request.Content = Forms.Of([.. fields.Any(field => field.Item1 == "model") ? [] : new[] { ("model", "whisper-base") }, .. fields]);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await router.Http.SendAsync(request, Token).Bounded();
    }

    private static (string Worker, string Name, string Reason) Route(HttpResponseMessage response)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (Header(response.Headers, "x-whispermesh-worker"), Header(response.Headers, "x-whispermesh-route"), Header(response.Headers, "x-whispermesh-route-reason"));
    }

    private static string Header(HttpResponseHeaders headers, string name) => headers.GetValues(name).Single();
}
