using Aspire.Dashboard.Configuration;
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
        endpoints.MapGrpcService<TraceReceiver>();
        endpoints.MapGrpcService<LogsReceiver>();
        endpoints.MapGrpcService<MetricsReceiver>();
    }

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
