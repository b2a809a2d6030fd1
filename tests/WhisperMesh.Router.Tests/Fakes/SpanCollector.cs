using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>Takes what an exporter would get.</summary>
internal sealed class SpanCollector : BaseProcessor<Activity>
{
    private readonly ConcurrentQueue<Activity> _ended = [];

    /// <summary>A receiver that is not there: without any, a router makes no spans.</summary>
    public static Dictionary<string, string?> Settings => new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" };

    public void AddTo(IServiceCollection services) => services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(this));

    public override void OnEnd(Activity data) => _ended.Enqueue(data);

    /// <summary>The ended spans of the trace of <paramref name="root"/>, first started first.</summary>
    public IReadOnlyList<Activity> Of(Activity root) =>
        [.. _ended.Where(span => span.TraceId == root.TraceId).OrderBy(span => span.StartTimeUtc)];
}
