using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Http;

/// <summary>A router with one worker that serves everything, and what its HTTP answers are held against.</summary>
public abstract partial class ApiTest : IAsyncLifetime
{
    private FakeWorker? _worker;
    private RouterHost? _router;

    internal FakeWorker Worker => _worker!;

    internal RouterHost Router => _router!;

    public async ValueTask InitializeAsync()
    {
        _worker = await FakeWorker.StartAsync("one");
        _router = await RouterHost.StartAsync(_worker.Lease, _worker.SynthesisLease);
    }

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        await Worker.DisposeAsync();
    }

    protected Task<HttpResponseMessage> PostAsync(string route, HttpContent body) =>
        Router.Http.PostAsync("/v1/audio/" + route, body, TestContext.Current.CancellationToken).Bounded();

    internal static Task<string> BodyAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Bounded();

    /// <summary>A body without the notes on the way that the request took, of which every reply has some.</summary>
    internal static async Task<string> BodyWithoutNotesAsync(HttpResponseMessage response) => Notes().Replace(await BodyAsync(response), "");

    internal static async Task ShouldBeErrorAsync(
        HttpResponseMessage response, HttpStatusCode status, string? param, string? code = null, string type = "invalid_request_error")
    {
        var body = await BodyAsync(response);
        response.StatusCode.ShouldBe(status, body);
        var error = JsonDocument.Parse(body).RootElement.GetProperty("error");
        error.EnumerateObject().Select(property => property.Name).ShouldBe(["message", "type", "param", "code"]);
        error.GetProperty("param").GetString().ShouldBe(param);
        error.GetProperty("type").GetString().ShouldBe(type);
        if (code is not null)
        {
            error.GetProperty("code").GetString().ShouldBe(code);
        }
    }

    [GeneratedRegex(""","whispermesh":\{"request_id".*?"warnings":\[[^\]]*\]\}""")]
    private static partial Regex Notes();
}
