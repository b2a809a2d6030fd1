using System.Net;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.ServiceDefaults.Endpoints;

namespace WhisperMesh.Router.Http;

/// <summary>
/// Keeps other sites' pages from opening WebSockets here: browsers let every page do so, on loopback too, and only say whose page
/// it is. Who is no browser says nothing, and is let through.
/// </summary>
internal sealed class SocketOriginMiddleware(
    RequestDelegate next, IOptions<RouterOptions> options, IOptions<KeyOptions> keys, IOptions<EndpointOptions> endpoints)
{
    private readonly HashSet<string> _allowed = new(options.Value.AllowedOrigins.Select(origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    private readonly bool _hasKeys = keys.Value.AreRequired(endpoints.Value);

    public Task InvokeAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        return !context.WebSockets.IsWebSocketRequest || origin.Length == 0 || IsAllowed(origin, context.Request.Host)
            ? next(context)
            : throw new ApiException(new OpenAiError(
                "Pages of this site may not connect here. Router:AllowedOrigins lists the sites whose pages may.",
                OpenAiError.InvalidRequest,
                null,
                "origin_not_allowed")
            { Status = StatusCodes.Status403Forbidden });
    }

    private bool IsAllowed(string origin, HostString host) =>
        _allowed.Contains(origin)
        || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && string.Equals(page.Authority, host.Value, StringComparison.OrdinalIgnoreCase)
            && (_hasKeys || IsOwnName(page)));

    // A foreign name can be made to lead here; where no key is asked for, the page behind it would have the mesh to itself.
    private static bool IsOwnName(Uri page) =>
        page.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(page.Host.Trim('[', ']'), out _);
}
