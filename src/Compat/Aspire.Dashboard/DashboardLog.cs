namespace Aspire.Dashboard;

internal static partial class DashboardLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Dashboard at {PageUrl}, OTLP over gRPC at {GrpcUrl}, over HTTP at {HttpUrl}")]
    public static partial void Started(this ILogger logger, string pageUrl, string grpcUrl, string httpUrl);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Log in at {LoginUrl}")]
    public static partial void Login(this ILogger logger, string loginUrl);
}
