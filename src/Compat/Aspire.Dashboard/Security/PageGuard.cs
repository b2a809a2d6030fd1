namespace Aspire.Dashboard.Security;

/// <summary>Marks what a visitor may see before login.</summary>
internal sealed class BeforeLogin
{
    public static readonly BeforeLogin Instance = new();
}

/// <summary>Stands before everything that the page's ports serve: pages, API and live streams alike.</summary>
internal static class PageGuard
{
    public static void UsePageGuard(this IApplicationBuilder app, BrowserSession session) => app.Use((http, next) =>
    {
        if (http.GetListener() != Listener.Page)
        {
            return next(http);
        }

        if (!IsSafe(http.Request.Method) && !IsFromHere(http.Request))
        {
            return Refuse(http, StatusCodes.Status403Forbidden);
        }

        if (session.IsKnown(http.Request) || http.GetEndpoint()?.Metadata.GetMetadata<BeforeLogin>() is not null)
        {
            return next(http);
        }

        if (!WantsPage(http.Request))
        {
            return Refuse(http, StatusCodes.Status401Unauthorized);
        }

        var wanted = http.Request.Path + http.Request.QueryString;
        http.Response.Redirect("/login" + (wanted == "/" ? "" : "?returnUrl=" + Uri.EscapeDataString(wanted)));
        return Task.CompletedTask;
    });

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    /// <summary>
    /// Every browser says from where a POST comes, by one header or the other; what says neither is no browser, so nobody is made to send it.
    /// </summary>
    private static bool IsFromHere(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        return site.Length > 0 ? site == "same-origin" : origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}";
    }

    private static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static Task Refuse(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
