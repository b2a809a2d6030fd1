using Aspire.Dashboard.Configuration;
using Aspire.Dashboard.Security;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace Aspire.Dashboard.Otlp;

/// <summary>OTLP over HTTP with binary protobuf.</summary>
internal static class OtlpHttpEndpoints
{
    public const string ProtobufType = "application/x-protobuf";

    public static void MapOtlpHttp(this IEndpointRouteBuilder endpoints)
    {
        Map<TraceReceiver, ExportTraceServiceRequest, ExportTraceServiceResponse>(endpoints, "/v1/traces");
        Map<MetricsReceiver, ExportMetricsServiceRequest, ExportMetricsServiceResponse>(endpoints, "/v1/metrics");
        Map<LogsReceiver, ExportLogsServiceRequest, ExportLogsServiceResponse>(endpoints, "/v1/logs");
    }

    public static bool IsJson(string? contentType) => IsType(contentType, "application/json");

    private static void Map<TReceiver, TRequest, TResponse>(IEndpointRouteBuilder endpoints, string path)
        where TReceiver : class, IOtlpReceiver<TRequest, TResponse>
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        endpoints.MapPost(path, (RequestDelegate)ReceiveAsync<TReceiver, TRequest, TResponse>).On(Listener.OtlpHttp);

    private static async Task ReceiveAsync<TReceiver, TRequest, TResponse>(HttpContext http)
        where TReceiver : class, IOtlpReceiver<TRequest, TResponse>
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var request = http.Request;
        if (!IsType(request.ContentType, ProtobufType))
        {
            await OtlpError.WriteAsync(http, StatusCodes.Status415UnsupportedMediaType, StatusCode.InvalidArgument, IsJson(request.ContentType)
                ? $"OTLP in JSON is not supported here; send {ProtobufType} (OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf)."
                : $"The content type is '{request.ContentType}'; send {ProtobufType}.");
            return;
        }

        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            await OtlpError.WriteAsync(
                http, StatusCodes.Status415UnsupportedMediaType, StatusCode.InvalidArgument, $"The content encoding is '{encoding}'; send gzip or none.");
            return;
        }

        var message = await ReadMessageAsync<TRequest>(http, packed: encoding == "gzip");
        if (message is not null)
        {
            var response = http.RequestServices.GetRequiredService<TReceiver>().Export(message);
            http.Response.ContentType = ProtobufType;
            await http.Response.Body.WriteAsync(response.ToByteArray(), http.RequestAborted);
        }
    }

    /// <summary>Returns null where it has answered with the error.</summary>
    private static async Task<TRequest?> ReadMessageAsync<TRequest>(HttpContext http, bool packed)
        where TRequest : class, IMessage<TRequest>, new()
    {
        var limit = http.RequestServices.GetRequiredService<IOptions<TelemetryLimits>>().Value.MaxExportBytes;
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = limit;
        try
        {
            using var body = await OtlpBody.ReadAsync(http.Request.Body, packed, limit, http.RequestAborted);
            if (body is not null)
            {
                return OtlpMessage<TRequest>.Parser.ParseFrom(body);
            }

            await OtlpError.WriteAsync(
                http, StatusCodes.Status413PayloadTooLarge, StatusCode.ResourceExhausted, $"The message is larger than {limit} bytes, unpacked.");
        }
        catch (BadHttpRequestException e)
        {
            await OtlpError.WriteAsync(http, e.StatusCode, StatusCode.InvalidArgument, e.Message);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            await OtlpError.WriteAsync(
                http, StatusCodes.Status400BadRequest, StatusCode.InvalidArgument, $"The message is not a readable {typeof(TRequest).Name}.");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            // The sender is gone, or was too slow; there is nobody to answer.
        }

        return null;
    }

    private static bool IsType(string? contentType, string wanted) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(wanted, StringComparison.OrdinalIgnoreCase);
}
