using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Tests.Tenants;

/// <summary>F28: keys expire by a clock that was checked, however wrong the machine's own is.</summary>
public sealed class ClockTests
{
    [Theory]
    [InlineData(1, 30, HttpStatusCode.OK)]
    [InlineData(-1, -30, HttpStatusCode.Unauthorized)]
    [InlineData(0, 30, HttpStatusCode.OK)]
    [InlineData(0, -30, HttpStatusCode.Unauthorized)]
    public async Task Expiry_ClockOffByHours_GoesByRedis(int hoursOff, int minutesToExpiry, HttpStatusCode expected)
    {
        await using var mesh = await TenantMesh.StartAsync(
            addServices: services => services.AddSingleton<TimeProvider>(new ShiftedTime(TimeSpan.FromHours(hoursOff))));
        var clock = mesh.Router.Services.GetRequiredService<MeshClock>();
        await clock.CheckAsync(TestContext.Current.CancellationToken);
        var key = ApiKey.Create();
        await mesh.Router.Services.GetRequiredService<IKeyStore>().AddAsync(
            new KeyRecord
            {
                Id = key.Id,
                Tenant = "one",
                Name = "test",
                Scopes = Scopes.All,
                Hash = key.Hash(),
                CreatedAt = DateTimeOffset.UnixEpoch,
                ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(minutesToExpiry),
            },
            TestContext.Current.CancellationToken);

        using var response = await mesh.SendAsync(HttpMethod.Get, "/v1/models", key.Reveal());

        response.StatusCode.ShouldBe(expected);
        (clock.UtcNow - TimeProvider.System.GetUtcNow()).Duration().ShouldBeLessThan(MeshClock.Tolerance);
    }

    private sealed class ShiftedTime(TimeSpan off) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + off;
    }
}
