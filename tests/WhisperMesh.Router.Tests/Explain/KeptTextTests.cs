using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Explain;

/// <summary>What was heard stands in records and in the log of no tenant but those whose configuration says so.</summary>
public sealed class KeptTextTests : IAsyncLifetime
{
    private readonly LogKeeper _log = new();
    private FakeWorker _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _worker = await FakeWorker.StartAsync("one");
        _worker.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.ReadAllAsync();
            foreach (var message in new[]
            {
                new StreamTranscribeResponse { Segment = Events.Plain(0, 0, 1, " Call the") },
                new StreamTranscribeResponse { Segment = Events.Plain(1, 1, 1, " wombat now.") },
                Events.Summary(call.Config, call.Speech.WorkerId, 2),
            })
            {
                await call.Responses.WriteAsync(message, call.Context.CancellationToken);
            }
        };
    }

    public async ValueTask DisposeAsync() => await _worker.DisposeAsync();

    [Theory]
    [InlineData("local")]
    [InlineData("*")]
    public async Task Record_TenantThatKeepsText_HasEachPieceAndTheLogTheWhole(string tenant)
    {
        await using var router = await StartAsync(tenant);
        (await router.TranscribeAsync("kept")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var record = await router.RecordAsync("kept");

        record.Items("segments").Select(segment => segment.Text("text")).ShouldBe([" Call the", " wombat now."]);
        _log.Lines.ShouldContain(line => line.Contains("kept: heard for tenant local: Call the wombat now.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("other")]
    public async Task Record_AnyOtherTenant_HasNone(string? tenant)
    {
        await using var router = await StartAsync(tenant);
        (await router.TranscribeAsync("not-kept")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var record = await router.RecordAsync("not-kept");

        record.Items("segments").Length.ShouldBe(2);
        record.GetRawText().ShouldNotContain("wombat");
        _log.Lines.ShouldNotBeEmpty();
        _log.Lines.ShouldAllBe(line => !line.Contains("wombat", StringComparison.Ordinal));
    }

    private Task<RouterHost> StartAsync(string? tenant)
    {
        var configuration = new MeshConfiguration
        {
            Tenants = tenant is null ? new Dictionary<string, TenantSettings>() : new() { [tenant] = new() { KeepText = true } },
        };
        return RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Trace" },
            services => services
                .AddSingleton<IMeshConfigurationSource>(new FixedConfiguration(configuration))
                .AddSingleton<ILoggerProvider>(_log),
            _worker.Lease);
    }
}
