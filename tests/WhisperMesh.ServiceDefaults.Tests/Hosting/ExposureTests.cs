using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Tests.Trust;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Tests.Hosting;

/// <summary>Nothing listens beyond loopback, or uses a Redis there, without secret and password.</summary>
public sealed class ExposureTests
{
    private const string Outside = "0.0.0.0";
    private const string Password = "127.0.0.1:1,password=p";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Outside, null, "127.0.0.1:1", new[] { "Mesh:Secret", "ConnectionStrings:redis" })]
    [InlineData(Outside, null, Password, new[] { "Mesh:Secret" })]
    [InlineData(Outside, Secrets.One, "127.0.0.1:1", new[] { "ConnectionStrings:redis" })]
    [InlineData("127.0.0.1", null, "redis.example:6379", new[] { "Mesh:Secret", "ConnectionStrings:redis" })]
    [InlineData("127.0.0.1", Secrets.One, "10.0.0.1:6379", new[] { "ConnectionStrings:redis" })]
    public async Task Start_BeyondLoopback_SaysAllThatIsMissing(string address, string? secret, string redis, string[] settings)
    {
        var errors = await StartAsync(address, secret, redis);

        errors.Select(error => error.Split(": ")[0]).ShouldBe(settings, ignoreOrder: true);
    }

    [Fact]
    public async Task Start_BeyondLoopbackWithSecretAndPassword_Starts() =>
        (await StartAsync("0.0.0.0", Secrets.One, Password)).ShouldBeEmpty();

    [Fact]
    public async Task Start_RuleOfTheService_IsReportedBesideTheOthers()
    {
        var errors = await StartAsync("0.0.0.0", null, Password, builder => builder.Services.AddSingleton<IExposureRule>(new Rule()));

        errors.Count.ShouldBe(2);
        errors.ShouldContain(error => error.StartsWith("Some:Setting: must be true. ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WorkerOnAllAddresses_NeedsOneToAnnounce()
    {
        void AddWorker(WebApplicationBuilder builder) => builder.AddWorkerLease("test", _ => new WorkerCapabilities());

        var errors = await StartAsync("0.0.0.0", Secrets.One, Password, AddWorker);
        errors.ShouldHaveSingleItem().ShouldStartWith("Endpoints:AnnouncedGrpcAddress");

        errors = await StartAsync("0.0.0.0", Secrets.One, Password, builder =>
        {
            AddWorker(builder);
            builder.Configuration["Endpoints:AnnouncedGrpcAddress"] = "http://10.0.0.7:5081/path";
        });
        errors.ShouldHaveSingleItem().ShouldStartWith("Endpoints:AnnouncedGrpcAddress");
    }

    [Theory]
    [InlineData("Mesh:Secret", "short", "32 bytes")]
    [InlineData("Mesh:SecretFile", "/nonexistent/secret", "/nonexistent/secret")]
    [InlineData("Mesh:Tls:CertificatePath", "/nonexistent/a.pem", "set all three")]
    [InlineData("Endpoints:CertificatePath", "/nonexistent/a.pem", "Endpoints:KeyPath")]
    public async Task Start_BadSetting_IsNamed(string key, string value, string expected)
    {
        var errors = await StartAsync("127.0.0.1", null, null, builder => builder.Configuration[key] = value);

        errors.ShouldHaveSingleItem().ShouldContain(expected);
    }

    private static async Task<IReadOnlyList<string>> StartAsync(
        string address, string? secret, string? redis, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(
            [new("Endpoints:Address", address), new("Mesh:Secret", secret), new("ConnectionStrings:redis", redis)]);
        builder.AddServiceDefaults("test");
        builder.AddMeshEndpoints();
        configure?.Invoke(builder);
        await using var app = builder.Build();
        try
        {
            await MeshHost.StartAsync(app, Token);
            return [];
        }
        catch (Exception exception) when (MeshHost.ErrorsOf(exception) is { Count: > 0 } errors)
        {
            return errors;
        }
    }

    private sealed class Rule : IExposureRule
    {
        public string WhatIsMissing => "Some:Setting: must be true.";
    }
}
