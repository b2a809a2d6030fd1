using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WhisperMesh.Router.Tests.Upstreams;

/// <summary>A server that answers as OpenAI's does, word for word, or as a test tells it.</summary>
internal sealed class FakeOpenAi : IAsyncDisposable
{
    public const string Verbose =
        """
        {"task":"transcribe","language":"english","duration":8.470000267028809,"text":"The beach was popular. We swam.",
         "segments":[
          {"id":0,"seek":0,"start":0.0,"end":3.319999933242798,"text":" The beach was popular.","tokens":[50364,440,7534,390,3743,13,50530],
           "temperature":0.0,"avg_logprob":-0.2860786020755768,"compression_ratio":1.2363636493682861,"no_speech_prob":0.00985979475080967},
          {"id":1,"seek":0,"start":3.319999933242798,"end":8.470000267028809,"text":" We swam.","tokens":[50530,492,1693,335,13],
           "temperature":0.0,"avg_logprob":-1.3,"compression_ratio":0.5,"no_speech_prob":0.7}],
         "words":[{"word":"The","start":0.0,"end":0.5},{"word":"beach","start":0.5,"end":1.0},{"word":"We","start":3.4,"end":3.6}],
         "usage":{"type":"duration","seconds":9}}
        """;

    private readonly WebApplication _app;

    private FakeOpenAi(WebApplication app) => _app = app;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1";

    public ConcurrentQueue<FakeOpenAiRequest> Requests { get; } = [];

    /// <summary>What it does with a request, once it has read it.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => JsonAsync(context, 200, Verbose);

    /// <summary>Runs before the body is read, when set; true: that was the answer.</summary>
    public Func<HttpContext, Task<bool>>? BeforeBody { get; set; }

    public static async Task<FakeOpenAi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var fake = new FakeOpenAi(app);
        app.Run(fake.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return fake;
    }

    public static async Task JsonAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    }

    public static Task ErrorAsync(HttpContext context, int status, string message, string? code = null) => JsonAsync(
        context,
        status,
        JsonSerializer.Serialize(new { error = new { message, type = "invalid_request_error", param = (string?)null, code } }));

    /// <summary>Stops listening, so that connections are refused.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        if (BeforeBody is { } before && await before(context))
        {
            return;
        }

        Requests.Enqueue(await FakeOpenAiRequest.ReadAsync(context));
        await Answer(context);
    }
}

/// <summary>What the server got.</summary>
internal sealed record FakeOpenAiRequest
{
    public required string Method { get; init; }
    public required string Path { get; init; }
    public required string Authorization { get; init; }
    public required bool HasLength { get; init; }
    public required IReadOnlyList<(string Name, string Value)> Fields { get; init; }
    public required IReadOnlyList<string> HeaderNames { get; init; }
    public string FileName { get; init; } = "";
    public string FileType { get; init; } = "";
    public byte[] File { get; init; } = [];
    public string Body { get; init; } = "";

    public string? Field(string name) => Fields.Where(field => field.Name == name).Select(field => field.Value).SingleOrDefault();

    public static async Task<FakeOpenAiRequest> ReadAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        var file = form?.Files.Count > 0 ? form.Files[0] : null;
        using var bytes = new MemoryStream();
        await (file?.CopyToAsync(bytes, context.RequestAborted) ?? Task.CompletedTask);
        using var text = new StreamReader(context.Request.Body, Encoding.UTF8);
        return new()
        {
            Method = context.Request.Method,
            Path = context.Request.Path,
            Authorization = context.Request.Headers.Authorization.ToString(),
            HasLength = context.Request.ContentLength is not null,
            Fields = [.. form?.SelectMany(field => field.Value, (field, value) => (field.Key, value ?? "")) ?? []],
            HeaderNames = [.. context.Request.Headers.Keys],
            FileName = file?.FileName ?? "",
            FileType = file?.ContentType ?? "",
            File = bytes.ToArray(),
            Body = form is null ? await text.ReadToEndAsync(context.RequestAborted) : "",
        };
    }
}
