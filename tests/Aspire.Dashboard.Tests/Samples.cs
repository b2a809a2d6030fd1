using Aspire.Dashboard.Configuration;
using Aspire.Dashboard.Live;
using Aspire.Dashboard.Telemetry;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace Aspire.Dashboard.Tests;

/// <summary>Telemetry as tests need it.</summary>
internal static class Samples
{
    public static readonly TelemetryResource Resource = new("service", "1", 0);

    public static TelemetryStore Store(Action<TelemetryLimits>? configure = null, TimeProvider? time = null)
    {
        var limits = new TelemetryLimits();
        configure?.Invoke(limits);
        return new TelemetryStore(Options.Create(limits), new ChangeSignal(), time ?? TimeProvider.System);
    }

    public static SpanRecord Span(string traceId, string spanId, string parent = "", ulong start = 100, ulong end = 200, string name = "work") => new()
    {
        Resource = Resource,
        TraceId = traceId,
        SpanId = spanId,
        ParentSpanId = parent,
        Name = name,
        StartNanos = start,
        EndNanos = end,
    };

    public static LogEntry Log(string message, ulong time = 100) => new()
    {
        Resource = Resource,
        TimeNanos = time,
        Level = LogLevel.Information,
        Category = "Category",
        Message = message,
    };

    public static KeyValue Text(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    public static ExportTraceServiceRequest Request(Resource resource, params IEnumerable<Span> spans) => new()
    {
        ResourceSpans = { new ResourceSpans { Resource = resource, ScopeSpans = { new ScopeSpans { Spans = { spans } } } } },
    };

    public static Span OtlpSpan(string name = "work") => new()
    {
        TraceId = ByteString.CopyFrom(Guid.NewGuid().ToByteArray()),
        SpanId = ByteString.CopyFrom(Guid.NewGuid().ToByteArray()[..8]),
        Name = name,
        StartTimeUnixNano = 1_700_000_000_000_000_000,
        EndTimeUnixNano = 1_700_000_000_500_000_000,
    };
}
