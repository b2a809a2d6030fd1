using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.ServiceDefaults.Tests.Telemetry;

/// <summary>Nothing listens for which there is no reader.</summary>
public sealed class TelemetryPlanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_NoReceiverAndNoMetrics_ListensToNothing()
    {
        await using var worker = await TestWorker.StartAsync(
            null, Token, settings: TelemetrySettings.With(new KeyValuePair<string, string?>("Telemetry:Metrics", "false")));

        worker.App.Services.GetService<TracerProvider>().ShouldBeNull();
        worker.App.Services.GetService<MeterProvider>().ShouldBeNull();
        worker.App.Services.GetServices<ILoggerProvider>().ShouldAllBe(provider => !(provider is OpenTelemetryLoggerProvider));
        using var http = new HttpClient { BaseAddress = worker.Addresses.Http };
        (await http.GetAsync("/metrics", Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Start_NoReceiver_ServesMetricsAndTracesNothing()
    {
        await using var worker = await TestWorker.StartAsync(null, Token);

        worker.App.Services.GetService<MeterProvider>().ShouldNotBeNull();
        worker.App.Services.GetService<TracerProvider>().ShouldBeNull();
        worker.App.Services.GetServices<ILoggerProvider>().ShouldAllBe(provider => !(provider is OpenTelemetryLoggerProvider));
    }

    [Fact]
    public async Task Start_Receiver_SendsTracesMetricsAndLogs()
    {
        await using var worker = await TestWorker.StartAsync(null, Token, settings: TelemetrySettings.With(TelemetrySettings.Otlp));

        worker.App.Services.GetService<TracerProvider>().ShouldNotBeNull();
        worker.App.Services.GetService<MeterProvider>().ShouldNotBeNull();
        worker.App.Services.GetServices<ILoggerProvider>().ShouldContain(provider => provider is OpenTelemetryLoggerProvider);
    }

    [Theory]
    [InlineData("Telemetry:Metrics", "perhaps", "Telemetry:Metrics")]
    [InlineData("Telemetry:MetricsKey", "short", "Telemetry:MetricsKey")]
    [InlineData("Telemetry:MetricsKey", "with space with space with space with space", "Telemetry:MetricsKey")]
    [InlineData("Telemetry:Sampling:Ratio", "1.5", "Ratio")]
    [InlineData("Telemetry:Sampling:Slow", "00:00:00", "Slow")]
    [InlineData("Telemetry:Sampling:MaxSpans", "1", "MaxSpans")]
    public async Task Start_BadSetting_IsNamed(string key, string value, string expected)
    {
        var exception = await Should.ThrowAsync<Exception>(
            TestWorker.StartAsync(null, Token, settings: TelemetrySettings.With(new KeyValuePair<string, string?>(key, value))));

        MeshHost.ErrorsOf(exception).ShouldHaveSingleItem().ShouldContain(expected);
    }
}
