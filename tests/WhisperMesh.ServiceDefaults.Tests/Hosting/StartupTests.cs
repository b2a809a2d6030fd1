using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.ServiceDefaults.Tests.Hosting;

public sealed class StartupTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_BadOptions_ReportsAllErrorsAtOnce()
    {
        var errors = await StartAsync(new() { ["Endpoints:HttpPort"] = "70000", ["Endpoints:Address"] = "nowhere" });

        errors.Count.ShouldBe(2);
        errors.ShouldContain(error => error.Contains("HttpPort"));
        errors.ShouldContain(error => error.Contains("nowhere"));
    }

    [Fact]
    public async Task Start_ValueOfWrongType_NamesTheKey()
    {
        var errors = await StartAsync(new() { ["Endpoints:HttpPort"] = "many" });

        errors.ShouldHaveSingleItem().ShouldContain("Endpoints:HttpPort");
    }

    [Fact]
    public async Task Start_SamePortTwice_Refuses()
    {
        var errors = await StartAsync(new() { ["Endpoints:HttpPort"] = "5999", ["Endpoints:GrpcPort"] = "5999" });

        errors.ShouldHaveSingleItem().ShouldContain("must differ");
    }

    [Fact]
    public async Task Start_BadConnectionString_NamesTheKey()
    {
        var errors = await StartAsync(new() { ["ConnectionStrings:redis"] = "localhost,nosuchoption=1" });

        errors.ShouldHaveSingleItem().ShouldContain("ConnectionStrings:redis");
    }

    private static async Task<IReadOnlyList<string>> StartAsync(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddServiceDefaults("test");
        builder.AddMeshEndpoints();
        builder.AddWorkerDirectory();
        await using var app = builder.Build();
        var exception = await Should.ThrowAsync<Exception>(MeshHost.StartAsync(app, Token));
        return MeshHost.ErrorsOf(exception);
    }
}
