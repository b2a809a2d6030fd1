using System.Globalization;
using System.Reflection;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

internal static class PageEndpoints
{
    /// <summary>Sent by the script to get the live part alone.</summary>
    public const string FragmentHeader = "X-Fragment";

    public static void MapPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/", (HttpContext http, TelemetryStore store) => Respond(http, store, () => ResourcesPage.Render(store)));
        endpoints.MapGet("/structuredlogs", (HttpContext http, TelemetryStore store) =>
            Respond(http, store, () => LogsPage.Render(store, TelemetryFilter.Read(http.Request.Query))));
        endpoints.MapGet("/traces", (HttpContext http, TelemetryStore store) =>
            Respond(http, store, () => TracesPage.Render(store, TelemetryFilter.Read(http.Request.Query))));
        endpoints.MapGet("/traces/detail/{traceId}", (HttpContext http, TelemetryStore store, string traceId) =>
            Respond(http, store, () => TracePage.Render(store, traceId)));
        endpoints.MapGet("/metrics", (HttpContext http, TelemetryStore store) =>
            Respond(http, store, () => MetricsPage.Render(store, TelemetryFilter.Read(http.Request.Query))));
        MapAsset(endpoints, "dashboard.css", "text/css; charset=utf-8");
        MapAsset(endpoints, "dashboard.js", "text/javascript; charset=utf-8");
        MapAsset(endpoints, "favicon.svg", "image/svg+xml");
    }

    private static IResult Respond(HttpContext http, TelemetryStore store, Func<Page?> render)
    {
        // Read before rendering: what arrives meanwhile makes the next answer differ.
        var tag = string.Create(CultureInfo.InvariantCulture, $"\"{store.Version}\"");
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-store";
        var page = render();
        var html = page is null ? Layout.Render(NotFound)
            : http.Request.Headers.ContainsKey(FragmentHeader) ? page.Live
            : Layout.Render(page);
        var status = page is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        return Results.Content(html.ToString(), "text/html; charset=utf-8", statusCode: status);
    }

    private static Page NotFound => new("Not found", "", Markup.Empty, Markup.Of(
        $"""<p class="empty">There is no such trace; it may have made room for newer ones. <a href="/traces">All traces</a></p>"""));

    private static void MapAsset(IEndpointRouteBuilder endpoints, string name, string contentType)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        var bytes = content.ToArray();
        endpoints.MapGet("/assets/" + name, () => Results.Bytes(bytes, contentType));
    }
}
