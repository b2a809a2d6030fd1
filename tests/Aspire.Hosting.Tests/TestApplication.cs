using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests;

/// <summary>Applications of the small service in Aspire.Hosting.TestApp.</summary>
internal static class TestApplication
{
    public const string Project = "Aspire.Hosting.TestApp.csproj";

    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>Cancelled with the test run.</summary>
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static IDistributedApplicationBuilder CreateBuilder(bool dashboard = false, params (string Key, string Value)[] settings)
    {
        // As arguments: the dashboard reads its own when the builder is made.
        return DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = [.. settings.Select(setting => $"--{setting.Key}={setting.Value}")],
            DisableDashboard = !dashboard,
            ProjectDirectory = AppContext.BaseDirectory,
        });
    }

    public static IResourceBuilder<ProjectResource> AddWeb(this IDistributedApplicationBuilder builder, string name = "web") =>
        builder.AddProject(name, Project).WithHttpEndpoint().WithHttpHealthCheck("/health");

    /// <summary>Waits until <paramref name="condition"/> holds, and fails with <paramref name="what"/> where that takes too long.</summary>
    public static Task EventuallyAsync(Func<bool> condition, string what, TimeSpan? within = null) => EventuallyAsync(condition, () => what, within);

    /// <inheritdoc cref="EventuallyAsync(Func{bool}, string, TimeSpan?)"/>
    public static async Task EventuallyAsync(Func<bool> condition, Func<string> what, TimeSpan? within = null)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(within ?? Bound);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(late.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                Assert.Fail(what());
            }
        }
    }
}
