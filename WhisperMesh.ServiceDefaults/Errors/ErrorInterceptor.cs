using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.ServiceDefaults.Errors;

/// <summary>The one place where exceptions of gRPC handlers become statuses.</summary>
public sealed partial class ErrorInterceptor(ILogger<ErrorInterceptor> logger) : Interceptor
{
    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception)
        {
            throw Map(exception, context);
        }
    }

    /// <inheritdoc/>
    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception exception)
        {
            throw Map(exception, context);
        }
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception)
        {
            throw Map(exception, context);
        }
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception exception)
        {
            throw Map(exception, context);
        }
    }

    private RpcException Map(Exception exception, ServerCallContext context)
    {
        var mapped = ToRpcException(exception, context);
        if (Activity.Current is { IsAllDataRequested: true } call)
        {
            // Never the message, which may hold what the caller sent.
            var reason = ErrorTypes.Of(mapped.StatusCode == StatusCode.Cancelled ? mapped : exception);
            call.SetTag(TelemetryNames.Attributes.ErrorType, reason);
            if (ErrorTypes.IsFault(mapped.StatusCode))
            {
                call.SetStatus(ActivityStatusCode.Error, reason);
            }
        }

        return mapped;
    }

    private RpcException ToRpcException(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case RpcException rpc:
                LogRefused(logger, context.Method, rpc.StatusCode, rpc.Status.Detail, null);
                return rpc;
            case MeshException mesh:
                LogRefused(logger, context.Method, mesh.StatusCode, mesh.Message, mesh.InnerException);
                return mesh.ToRpcException();
            // A reset connection shows as an IOException on the request or response stream.
            case OperationCanceledException or IOException or InvalidOperationException
                when context.CancellationToken.IsCancellationRequested:
            // It may do so before the call's token knows.
            case IOException { InnerException: ConnectionAbortedException or ConnectionResetException }:
            case ConnectionResetException:
            case OperationCanceledException:
                LogCancelled(logger, context.Method);
                return new RpcException(new Status(StatusCode.Cancelled, "The call was cancelled."));
            default:
                LogFailed(logger, exception, context.Method);
                return new MeshException(StatusCode.Internal, ErrorReasons.Internal, "The service failed; its log says why.")
                    .ToRpcException();
        }
    }

    [LoggerMessage(EventId = 110, Level = LogLevel.Information, Message = "{Method} ended with {StatusCode}: {Detail}")]
    private static partial void LogRefused(ILogger logger, string method, StatusCode statusCode, string detail, Exception? cause);

    [LoggerMessage(EventId = 111, Level = LogLevel.Information, Message = "{Method} was cancelled")]
    private static partial void LogCancelled(ILogger logger, string method);

    [LoggerMessage(EventId = 112, Level = LogLevel.Error, Message = "{Method} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method);
}
