using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.ServiceDefaults.Tests.Health;

public sealed class LeaseHealthCheckTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Check_LeaseIsWrittenAndRunsOut_IsReadyOnceItWasHeld()
    {
        var state = new LeaseState(_time);
        var check = Create(state, "127.0.0.1:6379");

        (await StatusAsync(check)).ShouldBe(HealthStatus.Unhealthy);
        state.OnWritten();
        (await StatusAsync(check)).ShouldBe(HealthStatus.Healthy);
        _time.Advance(LeaseKeys.Duration);
        (await StatusAsync(check)).ShouldBe(HealthStatus.Degraded);
        state.OnWritten();
        (await StatusAsync(check)).ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Check_NoRedis_NeedsNoLease() =>
        (await StatusAsync(Create(new LeaseState(_time), redis: null))).ShouldBe(HealthStatus.Healthy);

    private LeaseHealthCheck Create(LeaseState state, string? redis)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:redis", redis)]).Build();
        return new LeaseHealthCheck(
            state, new RedisLink(new ServiceCollection().BuildServiceProvider(), configuration, _time, NullLogger<RedisLink>.Instance));
    }

    private static async Task<HealthStatus> StatusAsync(LeaseHealthCheck check) =>
        (await check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status;
}
