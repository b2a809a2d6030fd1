using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WhisperMesh.Cli.Tests;

/// <summary>Keys and usage against an HTTP server that says what a test tells it.</summary>
public sealed class KeysCommandTests : CliFixture
{
    private const string Made = """{"object":"api_key","id":"AAAAAAAAAAAA","tenant":"one","name":"x","scopes":["speak"],"key":"wm_secret"}""";

    [Fact]
    public async Task Create_PrintsTheKeyAloneAndSendsWhatWasAsked()
    {
        await using var api = await FakeApi.StartAsync(Made);

        var result = await RunAsync(
            "keys", "create", "--tenant", "one", "--name", "x", "--scope", "speak", "--scope", "models", "--requests-per-minute", "5",
            "--server", api.Address, "--api-key", "admin-key");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.Trim().ShouldBe("wm_secret");
        api.Authorization.ShouldBe("Bearer admin-key");
        var sent = JsonDocument.Parse(api.Body).RootElement;
        sent.GetProperty("tenant").GetString().ShouldBe("one");
        sent.GetProperty("scopes").GetArrayLength().ShouldBe(2);
        sent.GetProperty("budgets").GetProperty("requests_per_minute").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task List_Table_ShowsIdsAndScopes()
    {
        await using var api = await FakeApi.StartAsync($$"""{"object":"list","data":[{{Made}}]}""");

        var result = await RunAsync("keys", "list", "--tenant", "one", "--server", api.Address);

        result.Output.ShouldContain("AAAAAAAAAAAA");
        result.Output.ShouldContain("never");
        api.Path.ShouldBe("/v1/admin/keys?tenant=one");
    }

    [Fact]
    public async Task Revoke_WholeKey_IsRefusedAndNotSent()
    {
        await using var api = await FakeApi.StartAsync("{}");

        var result = await RunAsync("keys", "revoke", "wm_AAAAAAAAAAAA_secret", "--server", api.Address);

        result.ExitCode.ShouldBe(ExitCodes.Usage);
        result.ErrorLine.ShouldNotContain("secret");
        api.Path.ShouldBe("");
    }

    [Fact]
    public async Task Revoke_Unknown_SaysSoInOneLine()
    {
        await using var api = await FakeApi.StartAsync(
            """{"error":{"message":"There is no key with this id.","type":"invalid_request_error","param":"id","code":"key_not_found"}}""", 404);

        var result = await RunAsync("keys", "revoke", "AAAAAAAAAAAA", "--server", api.Address);

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.ErrorLine.ShouldBe("whispermesh: There is no key with this id. [key_not_found]");
    }

    [Fact]
    public async Task Usage_Table_HasRowsAndTheTotal()
    {
        await using var api = await FakeApi.StartAsync(
            """
            {"object":"usage","tenant":"one","from":"2026-01-01","to":"2026-01-31","group_by":["model"],
             "data":[{"model":"whisper-base","requests":2,"audio_seconds":5.5,"characters":0,"price":0}],
             "total":{"requests":2,"audio_seconds":5.5,"characters":0,"price":0}}
            """);

        var result = await RunAsync("usage", "--from", "2026-01-01", "--group-by", "model", "--server", api.Address);

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("whisper-base");
        result.Output.ShouldContain("5.5");
        result.Output.ShouldContain("Total");
        api.Path.ShouldBe("/v1/usage?from=2026-01-01&group_by=model");
    }

    [Fact]
    public async Task Usage_NothingListens_ExitsWithUnreachable()
    {
        var result = await RunAsync("usage", "--server", "127.0.0.1:1");

        result.ExitCode.ShouldBe(ExitCodes.Unreachable);
    }

    [Fact]
    public async Task ApiKey_OnAGrpcCommand_IsSent()
    {
        var sent = "";
        Script.Synthesize = (_, _, context) =>
        {
            sent = context.RequestHeaders.GetValue("authorization") ?? "";
            throw new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.Unauthenticated, "No."));
        };

        var result = await RunAsync("speak", "Hello.", "--output", PathOf("x.wav"), "--api-key", "wm_key");

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        sent.ShouldBe("Bearer wm_key");
    }

    private sealed class FakeApi : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private FakeApi(WebApplication app) => _app = app;

        public string Address => _app.Urls.Single();

        public string Authorization { get; private set; } = "";

        public string Path { get; private set; } = "";

        public string Body { get; private set; } = "";

        public static async Task<FakeApi> StartAsync(string reply, int status = 200)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var api = new FakeApi(builder.Build());
            api._app.Run(async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                api.Body = await reader.ReadToEndAsync(context.RequestAborted);
                api.Authorization = context.Request.Headers.Authorization.ToString();
                api.Path = $"{context.Request.Path}{context.Request.QueryString}";
                context.Response.StatusCode = status;
                await context.Response.WriteAsync(reply, context.RequestAborted);
            });
            await api._app.StartAsync(Token);
            return api;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
