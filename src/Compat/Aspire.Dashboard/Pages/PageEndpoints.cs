using System.Reflection;
using Aspire.Dashboard.Resources;
using Aspire.Dashboard.Security;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

internal static class PageEndpoints
{
    public static void MapPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/", (HttpContext http, PageWriter pages, TelemetryStore store, ResourceBoard board, ResourceServiceClient client) =>
            pages.Respond(http, () => ResourcesPage.Render(store, board, client.IsConfigured))).On(Listener.Page);
        endpoints.MapGet("/consolelogs/{id?}", (HttpContext http, PageWriter pages, ResourceBoard board, string? id) =>
            http.Request.Query["id"].ToString() is { Length: > 0 } chosen
                ? Results.LocalRedirect("/consolelogs/" + Uri.EscapeDataString(chosen))
                : pages.Respond(http, () => ConsolePage.Render(board.All, id ?? ""))).On(Listener.Page);
        endpoints.MapGet("/structuredlogs", (HttpContext http, PageWriter pages, TelemetryStore store) =>
            pages.Respond(http, () => LogsPage.Render(store, TelemetryFilter.Read(http.Request.Query)))).On(Listener.Page);
        endpoints.MapGet("/traces", (HttpContext http, PageWriter pages, TelemetryStore store) =>
            pages.Respond(http, () => TracesPage.Render(store, TelemetryFilter.Read(http.Request.Query)))).On(Listener.Page);
        endpoints.MapGet("/traces/detail/{traceId}", (HttpContext http, PageWriter pages, TelemetryStore store, string traceId) =>
            pages.Respond(http, () => TracePage.Render(store, traceId))).On(Listener.Page);
        endpoints.MapGet("/metrics", (HttpContext http, PageWriter pages, TelemetryStore store, TimeProvider time) =>
            pages.Respond(http, () => MetricsPage.Render(store, MetricQuery.Read(http.Request.Query), time))).On(Listener.Page);
        foreach (var name in (string[])["dashboard.css", "content.css"])
        {
            MapAsset(endpoints, name, "text/css; charset=utf-8");
        }

        foreach (var name in (string[])["dashboard.js", "live.js", "update.js", "console.js", "pause.js", "times.js"])
        {
            MapAsset(endpoints, name, "text/javascript; charset=utf-8");
        }

        MapAsset(endpoints, "favicon.svg", "image/svg+xml");
    }

    private static void MapAsset(IEndpointRouteBuilder endpoints, string name, string contentType)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        var bytes = content.ToArray();
        endpoints.MapGet("/assets/" + name, () => Results.Bytes(bytes, contentType)).On(Listener.Page).WithMetadata(BeforeLogin.Instance);
    }
}
