using Aspire.Dashboard.Security;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.ResourceService;

namespace Aspire.Dashboard.Resources;

/// <summary>What changes something: commands to the AppHost, and forgetting.</summary>
internal static class ResourceEndpoints
{
    public static void MapCommands(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/resources/{id}/{command}", async (HttpContext http, ResourceServiceClient client, ResourceBoard board, string id, string command) =>
            board.Find(id) is null || command is not (ResourceCommands.Start or ResourceCommands.Stop or ResourceCommands.Restart) ? Results.NotFound()
            : await client.ExecuteAsync(id, command) is { } refusal ? Results.Text(refusal, statusCode: StatusCodes.Status409Conflict)
            : Back(http, "/")).On(Listener.Page);
        endpoints.MapPost("/clear/{signal}", (HttpContext http, TelemetryStore store, string signal, string? resource) =>
        {
            if (!Enum.TryParse<Signal>(signal, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
            {
                return Results.NotFound();
            }

            store.Clear(parsed, resource ?? "");
            return Back(http, parsed switch { Signal.Logs => "/structuredlogs", Signal.Metrics => "/metrics", _ => "/traces" });
        }).On(Listener.Page);
    }

    // A form without script goes back to the page; the script stays on it.
    private static IResult Back(HttpContext http, string path) => http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
        ? new SeeOther(path)
        : Results.NoContent();

    private sealed class SeeOther(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}
