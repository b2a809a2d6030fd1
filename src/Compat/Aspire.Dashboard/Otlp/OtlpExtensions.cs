using Aspire.Dashboard.Configuration;
using Aspire.Dashboard.Security;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace Aspire.Dashboard.Otlp;

internal static class OtlpExtensions
{
    public static IServiceCollection AddOtlp(this IServiceCollection services)
    {
        services.AddGrpc();
        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<TelemetryLimits>>(
            (grpc, limits) => grpc.MaxReceiveMessageSize = limits.Value.MaxExportBytes);
        services.TryAddSingleton<OtlpGate>();
        services.TryAddSingleton(provider => new AttributeReader(provider.GetRequiredService<IOptions<TelemetryLimits>>().Value));
        services.TryAddSingleton<ResourceReader>();
        services.TryAddSingleton<MetricReader>();
        return services
            .AddReceiver<TraceReceiver, ExportTraceServiceRequest, ExportTraceServiceResponse>()
            .AddReceiver<LogsReceiver, ExportLogsServiceRequest, ExportLogsServiceResponse>()
            .AddReceiver<MetricsReceiver, ExportMetricsServiceRequest, ExportMetricsServiceResponse>();
    }

    public static void MapOtlp(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<TraceReceiver>().On(Listener.OtlpGrpc);
        endpoints.MapGrpcService<LogsReceiver>().On(Listener.OtlpGrpc);
        endpoints.MapGrpcService<MetricsReceiver>().On(Listener.OtlpGrpc);
        endpoints.MapOtlpHttp();
    }

    public static void UseOtlpGate(this IApplicationBuilder app, OtlpGate gate) => app.Use(
        (http, next) => http.GetListener() == Listener.Page ? next(http) : gate.PassAsync(http, next));

    private static IServiceCollection AddReceiver<TReceiver, TRequest, TResponse>(this IServiceCollection services)
        where TReceiver : class, IOtlpReceiver<TRequest, TResponse>
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        services.TryAddSingleton<TReceiver>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IServiceMethodProvider<TReceiver>, OtlpMethodProvider<TReceiver, TRequest, TResponse>>());
        return services;
    }
}
