using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Router.Http;

/// <summary>The one place where errors of the HTTP API become responses, in OpenAI's shape.</summary>
internal sealed class OpenAiErrorMiddleware(RequestDelegate next, ILogger<OpenAiErrorMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (IsGrpc(context))
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
            if (OfStatus(context) is { } error)
            {
                await OpenAiErrorWriter.WriteAsync(context, error);
            }
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            HttpLog.ClientGone(logger, context.Request.Method, context.Request.Path);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await OpenAiErrorWriter.WriteAsync(context, Describe(context, e));
        }
        catch (Exception e)
        {
            // Too late for a status: an aborted connection tells the client that the reply is not whole.
            HttpLog.CutShort(logger, e, context.Request.Method, context.Request.Path);
            context.Abort();
        }
    }

    private OpenAiError Describe(HttpContext context, Exception exception)
    {
        if (exception is not ApiException)
        {
            Activity.Current?.SetTag(TelemetryNames.Attributes.ErrorType, ErrorTypes.Of(exception));
        }

        switch (exception)
        {
            case ApiException api:
                return api.Error;
            case MeshException mesh:
                if (mesh.InnerException is { } cause)
                {
                    HttpLog.Refused(logger, context.Request.Method, context.Request.Path, mesh.Reason, cause.Message);
                }

                return OpenAiErrors.From(mesh);
            case BadHttpRequestException bad:
                return new OpenAiError(bad.Message, OpenAiError.InvalidRequest, null, null) { Status = bad.StatusCode };
            default:
                HttpLog.Failed(logger, exception, context.Request.Method, context.Request.Path);
                return OpenAiErrors.Internal();
        }
    }

    /// <summary>The error of a status that routing set without a body.</summary>
    private static OpenAiError? OfStatus(HttpContext context)
    {
        if (context.Response.HasStarted || context.Response.ContentLength > 0 || context.Response.ContentType is not null)
        {
            return null;
        }

        var route = $"{context.Request.Method} {context.Request.Path}";
        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Error($"Unknown request URL: {route}.", "unknown_url"),
            StatusCodes.Status405MethodNotAllowed => Error($"Not allowed: {route}.", "method_not_allowed"),
            StatusCodes.Status415UnsupportedMediaType => Error($"The content type is not supported: {route}.", "unsupported_media_type"),
            _ => null,
        };

        OpenAiError Error(string message, string code) =>
            new(message, OpenAiError.InvalidRequest, null, code) { Status = context.Response.StatusCode };
    }

    internal static bool IsGrpc(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.Protocol == "HTTP/2"
        && context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;
}

internal static partial class HttpLog
{
    [LoggerMessage(120, LogLevel.Information, "{Method} {Path}: the client is gone")]
    public static partial void ClientGone(ILogger logger, string method, PathString path);

    [LoggerMessage(121, LogLevel.Warning, "{Method} {Path}: cut short after the reply had begun")]
    public static partial void CutShort(ILogger logger, Exception exception, string method, PathString path);

    [LoggerMessage(122, LogLevel.Information, "{Method} {Path}: {Reason} ({Cause})")]
    public static partial void Refused(ILogger logger, string method, PathString path, string reason, string cause);

    [LoggerMessage(123, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void Failed(ILogger logger, Exception exception, string method, PathString path);
}
