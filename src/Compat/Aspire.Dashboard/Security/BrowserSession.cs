using System.Security.Cryptography;
using System.Text;
using Aspire.Dashboard.Configuration;

namespace Aspire.Dashboard.Security;

/// <summary>Knows a visitor again. The cookie is made from the token and nothing is kept, so it outlives a restart with the same token.</summary>
internal sealed class BrowserSession(DashboardAccess access)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    private readonly string? _session = access.BrowserToken is { } token
        ? Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), "dashboard session"u8))
        : null;

    public bool IsOpen => _session is null;

    public bool IsToken(string? shown) => access.BrowserToken is { } token && shown is { Length: > 0 } && Secrets.AreEqual(shown.Trim(), token);

    /// <summary>True for who has logged in, and for a program that shows the token as <c>Authorization: Bearer</c>.</summary>
    public bool IsKnown(HttpRequest request)
    {
        if (_session is null)
        {
            return true;
        }

        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? IsToken(authorization["Bearer ".Length..])
            : request.Cookies[CookieName(request)] is { } cookie && Secrets.AreEqual(cookie, _session);
    }

    public void Begin(HttpContext http) => http.Response.Cookies.Append(CookieName(http.Request), _session!, Options(Lifetime));

    public void End(HttpContext http) => http.Response.Cookies.Delete(CookieName(http.Request), Options(null));

    // A cookie is sent to every port of a host, so dashboards beside each other need names of their own.
    private static string CookieName(HttpRequest request) => $".Aspire.Dashboard.{request.HttpContext.Connection.LocalPort}";

    private static CookieOptions Options(TimeSpan? maxAge) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, MaxAge = maxAge, IsEssential = true };
}
