using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.ResourceService;

namespace Aspire.Hosting.Tests;

/// <summary>Two services with a dashboard, and a client with the dashboard's rights.</summary>
public sealed class ControlledApplication : IAsyncLifetime
{
    private DistributedApplication? _app;

    internal HttpClient Http { get; } = new();

    internal string WebUrl { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var builder = TestApplication.CreateBuilder(
            dashboard: true,
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
            ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://127.0.0.1:0"),
            ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "http://127.0.0.1:0"));
        var web = builder.AddWeb().WithEnvironment("Mesh__Secret", "hunter2").WithEnvironment("Greeting", "hello");
        builder.AddWeb("dependent").WaitFor(web);
        _app = builder.Build();
        await _app.StartAsync(TestApplication.Token);
        var dashboard = builder.Resources.OfType<DashboardResource>().Single();
        WebUrl = web.GetEndpoint("http").Url;
        Http.BaseAddress = new Uri(dashboard.ResourceServiceUrl.ShouldNotBeNull());
        Http.DefaultRequestHeaders.Add(ResourceProtocol.KeyHeader, dashboard.Access.ResourceServiceKey);
        await HealthyAsync(_app, "web");
        await HealthyAsync(_app, "dependent");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private static Task<ResourceEvent> HealthyAsync(DistributedApplication app, string name) => app.ResourceNotifications
        .WaitForResourceHealthyAsync(name, TestApplication.Token)
        .WaitAsync(TestApplication.Bound, TestApplication.Token);
}
