using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests;

/// <summary>What a description says, without a process.</summary>
public sealed class ResourceModelTests
{
    [Fact]
    public void AddResource_SameNameTwice_IsRefused()
    {
        var builder = TestApplication.CreateBuilder();
        builder.AddRedis("redis");

        Should.Throw<DistributedApplicationException>(() => builder.AddRedis("Redis")).Message.ShouldContain("'Redis'");
    }

    [Fact]
    public void CreateAll_Replicas_GetPortsOfTheirOwn()
    {
        var builder = TestApplication.CreateBuilder();
        var web = builder.AddWeb().WithReplicas(3);

        var instances = CreateInstances(builder);

        instances.Select(instance => instance.Id).ShouldBe(["web-1", "web-2", "web-3"]);
        instances.Select(instance => instance.PortOf("http")).Distinct().Count().ShouldBe(3);
        web.GetEndpoint("http").Port.ShouldBe(instances[0].PortOf("http"));
    }

    [Fact]
    public void CreateAll_ReplicasOnOneFixedPort_IsRefused()
    {
        var builder = TestApplication.CreateBuilder();
        builder.AddProject("web", TestApplication.Project).WithHttpEndpoint(5999).WithReplicas(2);

        Should.Throw<DistributedApplicationException>(() => CreateInstances(builder)).Message.ShouldContain("5999");
    }

    [Fact]
    public void WithHttpEndpoint_PortThatNeedsAProxy_IsRefused()
    {
        var web = TestApplication.CreateBuilder().AddProject("web", TestApplication.Project);

        Should.Throw<DistributedApplicationException>(() => web.WithHttpEndpoint(port: 1, targetPort: 2));
    }

    [Fact]
    public void GetEndpoint_BeforeTheStart_HasNoAddress()
    {
        var endpoint = TestApplication.CreateBuilder().AddWeb().GetEndpoint("http");

        endpoint.Exists.ShouldBeTrue();
        endpoint.IsAllocated.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => endpoint.Url).Message.ShouldContain("'web'");
    }

    [Fact]
    public async Task Plan_ProjectWithReference_GetsAspiresVariables()
    {
        var builder = TestApplication.CreateBuilder(
            dashboard: true,
            ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://127.0.0.1:0"),
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"));
        var redis = builder.AddRedis("redis");
        builder.AddWeb("worker")
            .WithReplicas(2)
            .WithHttpEndpoint(name: "grpc", env: "Endpoints__GrpcPort")
            .WithEnvironment("Mode", "test")
            .WithReference(redis);

        var (plan, instance) = await PlanAsync(builder, "worker-2");

        var variables = plan.Environment;
        variables["ConnectionStrings__redis"].ShouldBe(await redis.Resource.GetConnectionStringAsync(TestApplication.Token));
        variables["ConnectionStrings__redis"]!.ShouldStartWith($"127.0.0.1:{redis.Resource.PrimaryEndpoint.Port},password=");
        variables["Endpoints__GrpcPort"].ShouldBe($"{instance.PortOf("grpc")}");
        variables["ASPNETCORE_URLS"].ShouldBe($"http://127.0.0.1:{instance.PortOf("http")}");
        variables["Mode"].ShouldBe("test");
        variables["OTEL_SERVICE_NAME"].ShouldBe("worker");
        variables["OTEL_RESOURCE_ATTRIBUTES"].ShouldBe("service.instance.id=worker-2");
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"].ShouldBe("grpc");
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"]!.ShouldStartWith("http://127.0.0.1:");
        plan.Arguments[0].ShouldBe("exec");
        plan.Arguments[1].ShouldEndWith("Aspire.Hosting.TestApp.dll");
    }

    [Fact]
    public async Task Plan_NoDashboard_TellsNobodyToReport()
    {
        var builder = TestApplication.CreateBuilder();
        builder.AddWeb();

        var (plan, _) = await PlanAsync(builder, "web");

        plan.Environment.Keys.ShouldNotContain(name => name.StartsWith("OTEL_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_ProjectThatIsNotBuilt_NamesIt()
    {
        var builder = TestApplication.CreateBuilder();
        builder.AddProject("web", "../Nowhere/Nowhere.csproj");

        var exception = await Should.ThrowAsync<DistributedApplicationException>(() => PlanAsync(builder, "web"));

        exception.Message.ShouldContain("Nowhere is not built");
    }

    [Theory]
    [InlineData("redis-server")]
    [InlineData("garnet")]
    public async Task Plan_Redis_KeepsThePasswordOutOfTheArguments(string server)
    {
        var builder = TestApplication.CreateBuilder(settings: ("Redis:Server", server));
        var redis = builder.AddRedis("redis");

        var (plan, _) = await PlanAsync(builder, "redis");

        string.Join(' ', plan.Arguments).ShouldNotContain(redis.Resource.Password);
        (plan.Input ?? plan.SecretFile).ShouldNotBeNull().ShouldContain(redis.Resource.Password);
    }

    [Fact]
    public async Task Plan_UnknownRedisServer_NamesTheChoices()
    {
        var builder = TestApplication.CreateBuilder(settings: ("Redis:Server", "memcached"));
        builder.AddRedis("redis");

        (await Should.ThrowAsync<DistributedApplicationException>(() => PlanAsync(builder, "redis"))).Message.ShouldContain("garnet");
    }

    private static IReadOnlyList<ResourceInstance> CreateInstances(IDistributedApplicationBuilder builder) =>
        ResourceInstance.CreateAll(new DistributedApplicationModel(builder.Resources));

    private static async Task<(ProcessSpec Plan, ResourceInstance Instance)> PlanAsync(IDistributedApplicationBuilder builder, string id)
    {
        await using var app = builder.Build();
        var instance = CreateInstances(builder).Single(instance => instance.Id == id);
        return (await app.Services.GetRequiredService<ProcessPlanner>().PlanAsync(instance, TestApplication.Token), instance);
    }
}
