using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aspire.Dashboard.Live;
using Aspire.Dashboard.Resources;
using Aspire.Dashboard.Security;

namespace Aspire.Dashboard.Pages;

/// <summary>Answers with a page, or with its live part alone where the script asks for what is new.</summary>
internal sealed class PageWriter(ChangeSignal changes, ResourceServiceClient client, BrowserSession session)
{
    /// <summary>Sent by the script to get the live part alone.</summary>
    public const string FragmentHeader = "X-Fragment";

    public IResult Respond(HttpContext http, Func<Page?> render)
    {
        http.Response.Headers.CacheControl = "no-store";

        // Read before rendering: what arrives meanwhile makes the next answer differ.
        var version = changes.Version.ToString(CultureInfo.InvariantCulture);
        var known = http.Request.Headers.IfNoneMatch.ToString().Trim('"').Split('-');
        if (known[0] == version)
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        var page = render();
        if (page is not null && http.Request.Headers.ContainsKey(FragmentHeader))
        {
            // Much of what comes in changes nothing here.
            var html = page.Live.ToString();
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(html)).AsSpan(0, 8));
            http.Response.Headers.ETag = $"\"{version}-{hash}\"";
            return known is [_, var before] && before == hash
                ? Results.StatusCode(StatusCodes.Status304NotModified)
                : Content(html, StatusCodes.Status200OK);
        }

        var around = new Surroundings(client.IsConfigured, !session.IsOpen);
        return Content(
            Layout.Render(page ?? NotFound, around).ToString(), page is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK);
    }

    private static Page NotFound => new("Not found", "", Markup.Empty, Markup.Of(
        $"""<p class="empty">There is nothing here any more; it may have made room for what is newer. <a href="/traces">All traces</a></p>"""))
    {
        Refreshes = false,
    };

    private static IResult Content(string html, int status) => Results.Content(html, "text/html; charset=utf-8", statusCode: status);
}
