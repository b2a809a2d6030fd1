using Aspire.Dashboard.Pages;

namespace Aspire.Dashboard.Security;

internal static class LoginEndpoints
{
    public static void MapLogin(this IEndpointRouteBuilder endpoints)
    {
        // The address that is printed at the start; the redirect takes the token out of the browser's address line.
        endpoints.MapGet("/login", (HttpContext http, BrowserSession session, string? t, string? returnUrl) =>
            session.IsOpen || session.IsKnown(http.Request) ? Results.LocalRedirect(Local(returnUrl))
            : t is null ? Form(returnUrl, wrong: false)
            : Enter(http, session, t, returnUrl)).On(Listener.Page).WithMetadata(BeforeLogin.Instance);
        endpoints.MapPost("/login", async (HttpContext http, BrowserSession session) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            return session.IsOpen
                ? Results.LocalRedirect("/")
                : Enter(http, session, form["token"].ToString(), form["returnUrl"].ToString());
        }).On(Listener.Page).WithMetadata(BeforeLogin.Instance);
        endpoints.MapPost("/logout", (HttpContext http, BrowserSession session) =>
        {
            session.End(http);
            return Results.LocalRedirect("/login");
        }).On(Listener.Page);
    }

    private static IResult Enter(HttpContext http, BrowserSession session, string token, string? returnUrl)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!session.IsToken(token))
        {
            return Form(returnUrl, wrong: true);
        }

        session.Begin(http);
        return Results.LocalRedirect(Local(returnUrl));
    }

    private static IResult Form(string? returnUrl, bool wrong) => Results.Content(
        LoginPage.Render(Local(returnUrl), wrong).ToString(),
        "text/html; charset=utf-8",
        statusCode: wrong ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK);

    // Only a path of our own: "//elsewhere" and "/\elsewhere" are other hosts to a browser.
    private static string Local(string? url) =>
        url is ['/'] or ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl) ? url : "/";
}
