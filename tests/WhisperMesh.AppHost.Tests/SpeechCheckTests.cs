using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WhisperMesh.AppHost.SelfTest;

namespace WhisperMesh.AppHost.Tests;

/// <summary>The self-test against a router that is made up.</summary>
public sealed class SpeechCheckTests
{
    private readonly StringWriter _output = new();
    private string? _adminKey;
    private Action<WebApplication> _map = _ => { };

    [Fact]
    public async Task RunAsync_RouterThatHears_PassesAndPrintsBoth()
    {
        var refusals = 1;
        var problem = await RunAsync(
            () => Interlocked.Decrement(ref refusals) >= 0 ? Results.StatusCode(503) : Audio(),
            () => Results.Json(new { text = " " + SpeechCheck.Sentence.ToUpperInvariant() }));

        problem.ShouldBeNull();
        _output.ToString().ShouldContain($"said:  {SpeechCheck.Sentence}");
        _output.ToString().ShouldContain($"heard: {SpeechCheck.Sentence.ToUpperInvariant()}");
        _output.ToString().ShouldContain("Speech: 2.0 s, made in");
        _output.ToString().ShouldContain("real-time factor");
    }

    [Fact]
    public async Task RunAsync_OtherWordsHeard_FailsAndPrintsThem()
    {
        var problem = await RunAsync(
            () => Audio(), () => Results.Json(new { text = "thank you for watching" }));

        problem.ShouldNotBeNull().ShouldContain("not what was said");
        _output.ToString().ShouldContain("heard: thank you for watching");
    }

    [Fact]
    public async Task RunAsync_SynthesisFails_SaysWhatAnsweredHow()
    {
        var broken = Results.Json(new { error = new { message = "voice is broken" } }, statusCode: 500);
        var problem = await RunAsync(() => broken, () => Results.Ok());

        problem.ShouldNotBeNull().ShouldContain("/v1/audio/speech answered 500");
        problem.ShouldContain("voice is broken");
    }

    [Fact]
    public async Task RunAsync_AnswerThatIsNoWave_SaysSo() =>
        (await RunAsync(() => Results.Text("hello, this is no audio"), () => Results.Ok())).ShouldNotBeNull().ShouldContain("not a WAV");

    [Fact]
    public async Task RunAsync_AnswerWithoutText_SaysWhichRequest()
    {
        var problem = await RunAsync(() => Audio(), () => Results.Json(new { words = 3 }));

        problem.ShouldNotBeNull().ShouldContain("/v1/audio/transcriptions failed");
    }

    [Fact]
    public async Task RunAsync_RouterThatAsksForKeys_MakesOneAndRevokesIt()
    {
        var calls = new List<string>();
        _adminKey = "admin";
        _map = router =>
        {
            router.Use((context, next) =>
            {
                calls.Add($"{context.Request.Method} {context.Request.Path} {context.Request.Headers.Authorization}");
                return next(context);
            });
            router.MapPost("/v1/admin/keys", () => Results.Json(new { id = "k1", key = "secret" }, statusCode: 201));
            router.MapDelete("/v1/admin/keys/k1", () => Results.NoContent());
        };

        (await RunAsync(() => Audio(), () => Results.Json(new { text = SpeechCheck.Sentence }))).ShouldBeNull();

        calls.ShouldBe(
        [
            "POST /v1/admin/keys Bearer admin",
            "POST /v1/audio/speech Bearer secret",
            "POST /v1/audio/transcriptions Bearer secret",
            "DELETE /v1/admin/keys/k1 Bearer admin",
        ]);
        NextSteps.Describe(Plan(5080)).ShouldContain("curl -H \"Authorization: Bearer YOUR_KEY\" -F model");
    }

    [Fact]
    public async Task RunAsync_RouterThatAsksForKeysAndNoneToMakeThem_SaysWhatToSet() =>
        (await RunAsync(() => Results.Unauthorized(), () => Results.Ok())).ShouldNotBeNull().ShouldContain("Router__Keys__BootstrapAdminKey");

    [Fact]
    public void Describe_PathWithASpace_IsQuoted()
    {
        var plan = Plan(5080) with { Recording = "/home/a b/hello.wav" };

        NextSteps.Describe(plan).ShouldContain("-F file=@\"/home/a b/hello.wav\" http://127.0.0.1:5080/v1/audio/transcriptions");
    }

    private static IResult Audio() => Results.Bytes(Waves.Create(TimeSpan.FromSeconds(2)), "audio/wav");

    private async Task<string?> RunAsync(Func<IResult> speak, Func<IResult> transcribe)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var router = builder.Build();
        _map(router);
        router.MapPost("/v1/audio/speech", speak);
        router.MapPost("/v1/audio/transcriptions", transcribe);
        await router.StartAsync(TestContext.Current.CancellationToken);

        await using var app = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true }).Build();
        var plan = Plan(new Uri(router.Urls.Single()).Port);
        return await new SpeechCheck(plan, app.ResourceNotifications, TimeProvider.System)
            .RunAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private SelfTestPlan Plan(int port)
    {
        var resource = new ProjectResource("router");
        foreach (var name in new[] { "http", "grpc" })
        {
            var endpoint = new EndpointAnnotation(ProtocolType.Tcp, "http", name: name);
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", port);
            resource.Annotations.Add(endpoint);
        }

        return new SelfTestPlan
        {
            Needed = [],
            Http = new EndpointReference(resource, "http"),
            Grpc = new EndpointReference(resource, "grpc"),
            AdminKey = _adminKey,
            DashboardUrl = () => "http://127.0.0.1:18888",
            Recording = "recording.wav",
            ExitAfterwards = false,
            Output = _output,
        };
    }
}
