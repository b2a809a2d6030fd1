using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace WhisperMesh.AppHost.SelfTest;

internal static class SelfTestExtensions
{
    /// <summary>Runs the self-test once when <paramref name="needed"/> are healthy.</summary>
    public static IDistributedApplicationBuilder AddSelfTest(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> router,
        IReadOnlyList<IResourceBuilder<ProjectResource>> needed,
        bool exitAfterwards)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new SelfTestPlan
        {
            Needed = [.. needed.Select(resource => resource.Resource.Name)],
            Http = router.GetEndpoint("http"),
            Grpc = router.GetEndpoint("grpc"),
            AdminKey = builder.Configuration["Router:Keys:BootstrapAdminKey"] is { Length: > 0 } key ? key : null,
            DashboardUrl = () => builder.Configuration["AppHost:BrowserToken"] is { Length: > 0 } token
                ? $"{builder.Configuration["ASPNETCORE_URLS"]}/login?t={token}"
                : builder.Configuration["ASPNETCORE_URLS"],
            Recording = Path.GetFullPath("../tests/Speech/en-vm-intro.wav", builder.AppHostDirectory),
            ExitAfterwards = exitAfterwards,
        });
        builder.Services.AddSingleton<SpeechCheck>();
        builder.Services.AddHostedService<SelfTestService>();
        return builder;
    }
}
