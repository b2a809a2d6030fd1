using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Logs;

namespace WhisperMesh.ServiceDefaults.Telemetry.Logs;

internal static class LogsExtensions
{
    /// <summary>Adds the format of lines on the console; <c>Logging:Console:FormatterName</c> can name another.</summary>
    public static void AddMeshConsole(this IHostApplicationBuilder builder) =>
        builder.Logging.AddConsoleFormatter<MeshConsoleFormatter, ConsoleFormatterOptions>();

    /// <summary>Sends logs to the OTLP receiver, each with the ids of its trace and span.</summary>
    public static void AddMeshLogs(this IHostApplicationBuilder builder) => builder.Logging.AddOpenTelemetry(logs =>
    {
        logs.IncludeFormattedMessage = true;
        logs.IncludeScopes = true;
        logs.AddOtlpExporter();
    });
}
