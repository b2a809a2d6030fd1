using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using WhisperMesh.ServiceDefaults.Telemetry.Sampling;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.ServiceDefaults.Tests.Telemetry;

public sealed class TailSamplingTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Dictionary<string, string?> Nothing => TelemetrySettings.With(TelemetrySettings.Otlp, new("Telemetry:Sampling:Ratio", "0"));

    [Fact]
    public void Processor_BeforeAnExporter_LetsThroughWhatIsKeptUnderTheServicesName()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var source = new ActivitySource("WhisperMesh.TailSamplingTest");
        var buffer = new TraceBuffer(
            new SamplingOptions { Ratio = 0 }, TimeProvider.System, new SamplingMetrics(services.GetRequiredService<IMeterFactory>()));
        var exporter = new Recorder();
        using var provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService("tail"))
            .AddSource(source.Name)
            .AddProcessor(new TailSamplingProcessor(buffer, new SimpleActivityExportProcessor(exporter)))
            .Build();

        Activity.Current = null;
        source.StartActivity("good")!.Stop();
        var failed = source.StartActivity("failed")!;
        failed.SetStatus(ActivityStatusCode.Error);
        failed.Stop();

        exporter.Names.ShouldBe(["failed"]);
        exporter.Service.ShouldBe("tail");
    }

    [Fact]
    public async Task Keep_OneProcessSeesAFailure_TheOtherReleasesItsPart()
    {
        await using var redis = await RedisServer.StartNewAsync(Token);
        await using var one = await TestWorker.StartAsync(redis.ConnectionString, Token, settings: Nothing);
        await using var other = await TestWorker.StartAsync(redis.ConnectionString, Token, settings: Nothing);
        await one.WaitForAsync(workers => workers.Count == 2, Token);
        var released = new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously);
        BufferOf(other).Released += span => released.TrySetResult(span);

        // They may not have subscribed yet: one trace after another, until one is heard of.
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!released.Task.IsCompleted)
        {
            var trace = SpanMaker.Trace(0.5);
            BufferOf(other).Add(SpanMaker.End(SpanMaker.Root(trace)));
            var failed = SpanMaker.Root(trace);
            failed.SetStatus(ActivityStatusCode.Error);
            BufferOf(one).Add(SpanMaker.End(failed));
            await beat.WaitForNextTickAsync(Token).AsTask().WaitAsync(Bound, Token);
        }

        (await released.Task).GetTagItem("whispermesh.sampled_by").ShouldBe("told");
    }

    private static TraceBuffer BufferOf(TestWorker worker) => worker.App.Services.GetRequiredService<TraceBuffer>();

    private sealed class Recorder : BaseExporter<Activity>
    {
        public List<string> Names { get; } = [];

        public string? Service { get; private set; }

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var activity in batch)
            {
                Names.Add(activity.DisplayName);
            }

            Service = (string?)ParentProvider.GetResource().Attributes.FirstOrDefault(attribute => attribute.Key == "service.name").Value;
            return ExportResult.Success;
        }
    }
}
