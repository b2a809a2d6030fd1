using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests;

public sealed class ResourceNotificationServiceTests
{
    private readonly ResourceNotificationService _notifications = new();
    private readonly ProjectResource _web = new("web");

    [Fact]
    public async Task WaitForResourceHealthyAsync_Replicas_WaitsForAll()
    {
        await PublishAsync("web-1", null);
        await PublishAsync("web-2", null);
        var healthy = _notifications.WaitForResourceHealthyAsync("web", TestApplication.Token);

        await PublishAsync("web-1", HealthStatus.Healthy);
        healthy.IsCompleted.ShouldBeFalse();
        await PublishAsync("web-2", HealthStatus.Healthy);

        (await healthy.WaitAsync(TestApplication.Bound, TestApplication.Token)).Resource.ShouldBe(_web);
    }

    [Fact]
    public async Task WaitForResourceHealthyAsync_AlreadyHealthy_ReturnsAtOnce()
    {
        await PublishAsync("web", HealthStatus.Healthy);

        await _notifications.WaitForResourceHealthyAsync("WEB", TestApplication.Token)
            .WaitAsync(TestApplication.Bound, TestApplication.Token);
    }

    [Fact]
    public async Task WaitForResourceHealthyAsync_FailedToStart_ThrowsWhereAsked()
    {
        await PublishAsync("web", null, KnownResourceStates.FailedToStart);

        await Should.ThrowAsync<DistributedApplicationException>(() => _notifications.WaitForResourceHealthyAsync(
            "web", WaitBehavior.StopOnResourceUnavailable, TestApplication.Token));
        _notifications.WaitForResourceHealthyAsync("web", TestApplication.Token).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task TryGetCurrentState_AfterUpdates_GivesTheLast()
    {
        await PublishAsync("web", null, KnownResourceStates.Starting);
        await PublishAsync("web", HealthStatus.Unhealthy);

        _notifications.TryGetCurrentState("web", out var current).ShouldBeTrue();
        current!.Snapshot.State!.Text.ShouldBe(KnownResourceStates.Running);
        current.Snapshot.HealthStatus.ShouldBe(HealthStatus.Unhealthy);
        _notifications.TryGetCurrentState("other", out _).ShouldBeFalse();
    }

    private Task PublishAsync(string id, HealthStatus? health, string? state = null) => _notifications.PublishUpdateAsync(
        _web, id, snapshot => snapshot with { State = state ?? KnownResourceStates.Running, HealthStatus = health });
}
