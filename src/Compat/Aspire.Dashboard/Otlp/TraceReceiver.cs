using Aspire.Dashboard.Configuration;
using Aspire.Dashboard.Telemetry;
using Microsoft.Extensions.Options;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;
using SpanKind = Aspire.Dashboard.Telemetry.SpanKind;

namespace Aspire.Dashboard.Otlp;

/// <summary>opentelemetry.proto.collector.trace.v1.TraceService.</summary>
internal sealed class TraceReceiver(
    TelemetryStore store, ResourceReader resources, AttributeReader attributes, IOptions<TelemetryLimits> options)
    : IOtlpReceiver<ExportTraceServiceRequest, ExportTraceServiceResponse>
{
    public static string ServiceName => "opentelemetry.proto.collector.trace.v1.TraceService";

    public ExportTraceServiceResponse Export(ExportTraceServiceRequest request)
    {
        long unusable = 0;
        long beyondLimit = 0;
        foreach (var batch in request.ResourceSpans)
        {
            var resource = resources.Observe(batch.Resource);
            var spans = new List<SpanRecord>();
            foreach (var scope in batch.ScopeSpans)
            {
                foreach (var span in scope.Spans)
                {
                    var record = Read(resource, scope.Scope?.Name ?? "", span);
                    if (record is { TraceId.Length: > 0, SpanId.Length: > 0 })
                    {
                        spans.Add(record);
                    }
                    else
                    {
                        unusable++;
                    }
                }
            }

            beyondLimit += store.AddSpans(resource, spans);
        }

        return Answer(unusable, beyondLimit);
    }

    private static ExportTraceServiceResponse Answer(long unusable, long beyondLimit) => unusable + beyondLimit == 0
        ? new()
        : new()
        {
            PartialSuccess = new()
            {
                RejectedSpans = unusable + beyondLimit,
                ErrorMessage = $"{unusable} spans had no trace id of 16 bytes or span id of 8 bytes that is not all zero; "
                    + $"{beyondLimit} spans were beyond the limit of their trace.",
            },
        };

    private SpanRecord Read(TelemetryResource resource, string scope, Span span) => new()
    {
        Resource = resource,
        TraceId = AttributeReader.ReadId(span.TraceId, 16),
        SpanId = AttributeReader.ReadId(span.SpanId, 8),
        ParentSpanId = AttributeReader.ReadId(span.ParentSpanId, 8),
        Name = attributes.Cut(span.Name),
        Scope = AttributeReader.CutName(scope),
        Kind = Enum.IsDefined((SpanKind)(int)span.Kind) ? (SpanKind)(int)span.Kind : SpanKind.Unspecified,
        StartNanos = span.StartTimeUnixNano,
        EndNanos = Math.Max(span.StartTimeUnixNano, span.EndTimeUnixNano),
        Status = span.Status?.Code switch
        {
            Status.Types.StatusCode.Ok => SpanStatus.Ok,
            Status.Types.StatusCode.Error => SpanStatus.Error,
            _ => SpanStatus.Unset,
        },
        StatusMessage = attributes.Cut(span.Status?.Message ?? ""),
        Attributes = attributes.Read(span.Attributes),
        Events = [.. span.Events.Take(options.Value.MaxSpanEventCount)
            .Select(e => new SpanEvent(e.TimeUnixNano, attributes.Cut(e.Name), attributes.Read(e.Attributes)))],
        Links = [.. span.Links.Take(options.Value.MaxSpanEventCount)
            .Select(l => new SpanLink(
                AttributeReader.ReadId(l.TraceId, 16), AttributeReader.ReadId(l.SpanId, 8), attributes.Read(l.Attributes)))],
    };
}
