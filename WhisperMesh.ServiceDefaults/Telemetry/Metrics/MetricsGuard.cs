using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using WhisperMesh.ServiceDefaults.Endpoints;

namespace WhisperMesh.ServiceDefaults.Telemetry.Metrics;

/// <summary>
/// Lets readers of <c>/metrics</c> in: whoever has <c>Telemetry:MetricsKey</c>; without such a key all on loopback, and nobody
/// where the service listens beyond, since metrics tell of workers, tenants and load.
/// </summary>
internal sealed class MetricsGuard(RequestDelegate next, IOptions<TelemetryOptions> telemetry, IOptions<EndpointOptions> endpoints)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        if (telemetry.Value.MetricsKey is { Length: > 0 } key)
        {
            return HasKey(context.Request.Headers.Authorization, key)
                ? next(context)
                : RefuseAsync(context, StatusCodes.Status401Unauthorized, "This needs the bearer token that Telemetry:MetricsKey says.");
        }

        return ListensOnLoopback(endpoints.Value)
            ? next(context)
            : RefuseAsync(
                context, StatusCodes.Status403Forbidden, "This service listens beyond loopback: set Telemetry:MetricsKey to read its metrics.");
    }

    private static bool ListensOnLoopback(EndpointOptions endpoints) =>
        IPAddress.TryParse(endpoints.Address, out var address) && IPAddress.IsLoopback(address);

    private static bool HasKey(string? authorization, string key) =>
        authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true
        && CryptographicOperations.FixedTimeEquals(Digest(authorization[Scheme.Length..].Trim()), Digest(key));

    // Digests are of one length, so that the comparison does not tell how long the key is.
    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason + "\n", context.RequestAborted);
    }
}
