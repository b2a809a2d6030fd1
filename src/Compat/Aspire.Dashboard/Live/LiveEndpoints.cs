using System.Globalization;
using System.Text.Json;
using Aspire.Dashboard.Resources;
using Aspire.Dashboard.Security;
using Aspire.Hosting.ResourceService;

namespace Aspire.Dashboard.Live;

/// <summary>What pages listen to: that something changed, and the lines of a console.</summary>
internal static class LiveEndpoints
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    public static void MapLive(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/events", (HttpContext http, LiveStreams streams, ChangeSignal changes, TimeProvider time) =>
            streams.ServeAsync(http, (writer, token) => TellChangesAsync(changes, time, writer, token))).On(Listener.Page);
        endpoints.MapGet("/consolelogs/{id}/events", async (HttpContext http, LiveStreams streams, ResourceServiceClient client, ResourceBoard board, string id) =>
        {
            if (board.Find(id) is null)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            await streams.ServeAsync(http, (writer, token) => TellLinesAsync(client.ReadConsoleAsync(id, From(http.Request), token), writer, token));
        }).On(Listener.Page);
    }

    private static async Task TellChangesAsync(ChangeSignal changes, TimeProvider time, EventWriter writer, CancellationToken token)
    {
        var told = changes.Version;
        await writer.SendAsync(Text(told), "now", token);
        while (true)
        {
            if (await HappensAsync(changes.WaitAsync(told, token), time, token))
            {
                told = changes.Version;
                await writer.SendAsync(Text(told), "changed", token);

                // However much comes in, a page is made anew only so often.
                await Task.Delay(ShortestPause, time, token);
            }
            else
            {
                await writer.KeepAliveAsync(token);
            }
        }
    }

    private static async Task TellLinesAsync(IAsyncEnumerable<ConsoleLine> lines, EventWriter writer, CancellationToken token)
    {
        try
        {
            // So that the browser knows that it is connected, though the process may be silent.
            await writer.KeepAliveAsync(token);
            await foreach (var line in lines.WithCancellation(token))
            {
                // JSON has no line breaks of its own, and this form encodes what is within the text.
                await writer.SendAsync(Text(line.Number), JsonSerializer.Serialize(line, ResourceJson.Default.ConsoleLine), token);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The AppHost is gone; the browser comes back by itself and goes on after the last line that it has.
        }
    }

    private static async Task<bool> HappensAsync(Task change, TimeProvider time, CancellationToken token)
    {
        try
        {
            await change.WaitAsync(LongestSilence, time, token);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static long From(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last < long.MaxValue ? last + 1 : 0;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
