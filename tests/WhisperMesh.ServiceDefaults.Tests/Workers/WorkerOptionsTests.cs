using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Tests.Workers;

/// <summary>A worker says of itself what its operator sets, and nothing that can't be meant.</summary>
public sealed class WorkerOptionsTests
{
    [Fact]
    public void Describe_Settings_BecomeCapabilities()
    {
        var capabilities = Describe(new()
        {
            ["Worker:Labels:zone"] = "cellar",
            ["Worker:Weight"] = "2.5",
            ["Worker:Tier"] = "3",
            ["Worker:Languages:0"] = "es",
            ["Worker:Languages:1"] = "pt-BR",
        });

        capabilities.Labels.ShouldBe(new Dictionary<string, string> { ["zone"] = "cellar" });
        (capabilities.Weight, capabilities.Tier).ShouldBe((2.5, 3));
        capabilities.DedicatedLanguageCodes.ShouldBe(["es", "pt-BR"]);
    }

    [Fact]
    public void Describe_NothingSet_IsAPlainWorker()
    {
        var capabilities = Describe([]);

        (capabilities.Weight, capabilities.Tier, capabilities.Labels.Count, capabilities.DedicatedLanguageCodes.Count).ShouldBe((1, 0, 0, 0));
    }

    [Theory]
    [InlineData("Worker:Weight", "0", "Weight")]
    [InlineData("Worker:Tier", "-1", "Tier")]
    [InlineData("Worker:Languages:0", "spanish!", "Worker:Languages:0")]
    [InlineData("Worker:Labels:zone", "", "Worker:Labels:zone")]
    [InlineData("Worker:Languages:0", "fr", "'fr'")]
    public async Task Start_ImpossibleSetting_IsRefusedByName(string key, string value, string named)
    {
        await using var app = Build(new() { [key] = value });

        var exception = await Should.ThrowAsync<Exception>(() => MeshHost.StartAsync(app, TestContext.Current.CancellationToken));

        MeshHost.ErrorsOf(exception).ShouldHaveSingleItem().ShouldContain(named);
    }

    private static WorkerCapabilities Describe(Dictionary<string, string?> settings) =>
        Build(settings).Services.GetRequiredService<WorkerCapabilities>();

    private static WebApplication Build(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddServiceDefaults("test");
        builder.AddMeshEndpoints();
        builder.AddWorkerLease("test", _ => new WorkerCapabilities
        {
            Models = { new WorkerModel { Model = new Model { Id = "m", LanguageCodes = { "es", "pt" } } } },
        });
        return builder.Build();
    }
}
