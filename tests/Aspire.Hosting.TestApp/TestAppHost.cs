namespace Aspire.Hosting.TestApp;

internal static class TestAppHost
{
    public static async Task RunAsync(string[] args)
    {
        // The tool manifest is looked for from here upwards.
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            DisableDashboard = true,
            ProjectDirectory = AppContext.BaseDirectory,
        });
        var redis = builder.AddRedis("redis");
        builder.AddProject("web", "Aspire.Hosting.TestApp.csproj")
            .WithReplicas(2)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithArgs(["--spawn", .. args])
            .WithReference(redis)
            .WaitFor(redis);
        await builder.Build().RunAsync();
    }
}
