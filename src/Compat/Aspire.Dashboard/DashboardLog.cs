namespace Aspire.Dashboard;

internal static partial class DashboardLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Dashboard at {PageUrl}, OTLP over gRPC at {OtlpUrl}")]
    public static partial void Started(this ILogger logger, string pageUrl, string otlpUrl);
}
