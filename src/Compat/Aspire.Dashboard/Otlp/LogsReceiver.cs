using Aspire.Dashboard.Telemetry;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Logs.V1;

namespace Aspire.Dashboard.Otlp;

/// <summary>opentelemetry.proto.collector.logs.v1.LogsService.</summary>
internal sealed class LogsReceiver(TelemetryStore store, ResourceReader resources, AttributeReader attributes, TimeProvider time)
    : IOtlpReceiver<ExportLogsServiceRequest, ExportLogsServiceResponse>
{
    public static string ServiceName => "opentelemetry.proto.collector.logs.v1.LogsService";

    public ExportLogsServiceResponse Export(ExportLogsServiceRequest request)
    {
        foreach (var batch in request.ResourceLogs)
        {
            var resource = resources.Observe(batch.Resource);
            store.AddLogs(resource, [.. batch.ScopeLogs.SelectMany(
                scope => scope.LogRecords.Select(log => Read(resource, scope.Scope?.Name ?? "", log)))]);
        }

        return new();
    }

    private LogEntry Read(TelemetryResource resource, string category, LogRecord log) => new()
    {
        Resource = resource,
        TimeNanos = FirstSet(log.TimeUnixNano, log.ObservedTimeUnixNano, UnixNanos.From(time.GetUtcNow())),
        Level = LevelOf(log.SeverityNumber),
        Category = AttributeReader.CutName(category),
        Message = attributes.ReadValue(log.Body),
        TraceId = AttributeReader.ReadId(log.TraceId, 16),
        SpanId = AttributeReader.ReadId(log.SpanId, 8),
        Attributes = attributes.Read(log.Attributes),
    };

    private static ulong FirstSet(params ReadOnlySpan<ulong> times)
    {
        foreach (var time in times)
        {
            if (time != 0)
            {
                return time;
            }
        }

        return 0;
    }

    // Four numbers to a level, from 1; what is unknown counts as information.
    private static LogLevel LevelOf(int severityNumber) => severityNumber is >= 1 and <= 24
        ? (LogLevel)((severityNumber - 1) / 4)
        : LogLevel.Information;
}
