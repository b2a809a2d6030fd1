using Microsoft.Extensions.Diagnostics.HealthChecks;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Transcription.Engine;
using WhisperMesh.Transcription.Models;

namespace WhisperMesh.Transcription.Tests.Models;

public sealed class DefaultModelHealthCheckTests
{
    private readonly FakeRegistry _fake = new();

    [Theory]
    [InlineData("main", HealthStatus.Unhealthy)]
    [InlineData("small", HealthStatus.Healthy)]
    public async Task Check_ModelFailed_CountsForTheDefaultOnly(string model, HealthStatus status)
    {
        (await CheckAsync()).Status.ShouldBe(HealthStatus.Healthy);
        var waiting = _fake.AcquireAsync(model);
        _fake.Loader.Fail(new ModelLoadException("Broken."));
        await Should.ThrowAsync<MeshException>(waiting.Bounded());

        (await CheckAsync()).Status.ShouldBe(status);
    }

    private Task<HealthCheckResult> CheckAsync() =>
        new DefaultModelHealthCheck(_fake.Registry).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
