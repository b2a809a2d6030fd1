using Aspire.Dashboard.Configuration;
using Aspire.Dashboard.Security;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Aspire.Dashboard.Otlp;

/// <summary>
/// Stands before both receivers: asks for the key where there is one, lets only so many batches in at once, since each occupies memory
/// until it is read, and ends those that take too long to arrive.
/// </summary>
internal sealed class OtlpGate(DashboardAccess access, IOptions<TelemetryLimits> options, TimeProvider time) : IDisposable
{
    public const string KeyHeader = "x-otlp-api-key";

    private readonly SemaphoreSlim _places = new(options.Value.MaxConcurrentExports);

    public async Task PassAsync(HttpContext http, RequestDelegate next)
    {
        if (!HasKey(http.Request))
        {
            await RefuseAsync(http, StatusCodes.Status401Unauthorized, StatusCode.Unauthenticated, $"The header {KeyHeader} must have the dashboard's OTLP key.");
        }
        else if (!await _places.WaitAsync(TimeSpan.Zero, http.RequestAborted))
        {
            http.Response.Headers.RetryAfter = "1";
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, StatusCode.Unavailable, "Too many batches are being received at once.");
        }
        else
        {
            try
            {
                await using var late = time.CreateTimer(state => ((HttpContext)state!).Abort(), http, options.Value.MaxExportTime, Timeout.InfiniteTimeSpan);
                await next(http);
            }
            finally
            {
                _places.Release();
            }
        }
    }

    public void Dispose() => _places.Dispose();

    private bool HasKey(HttpRequest request)
    {
        var shown = request.Headers[KeyHeader];
        return access.OtlpKeys.Count == 0
            || (!StringValues.IsNullOrEmpty(shown) && access.OtlpKeys.Any(key => Secrets.AreEqual(shown.ToString(), key)));
    }

    private static Task RefuseAsync(HttpContext http, int status, StatusCode code, string message)
    {
        if (http.GetListener() == Listener.OtlpHttp)
        {
            return OtlpError.WriteAsync(http, status, code, message);
        }

        // gRPC's form without a body: all that there is to say stands in the headers.
        http.Response.ContentType = "application/grpc";
        http.Response.Headers["grpc-status"] = ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture);
        http.Response.Headers["grpc-message"] = message;
        return Task.CompletedTask;
    }
}
