using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aspire.Hosting.ResourceService;

internal static class ResourceServiceEndpoints
{
    public static void MapResourceService(
        this WebApplication app,
        ResourceNotificationService notifications,
        InstanceDirectory instances,
        string key,
        CancellationToken stopping)
    {
        app.Use((http, next) => HasKey(http.Request, key) ? next(http) : RefuseAsync(http, StatusCodes.Status401Unauthorized, "The key is wrong."));
        app.MapGet(ResourceProtocol.ResourcesPath, http =>
            StreamAsync(http, token => notifications.WatchAsync(token).Select(ResourceMessages.Of), ResourceJson.Default.ResourceMessage, stopping));
        app.MapGet(ResourceProtocol.ResourcesPath + "/{id}/console", http => Find(http, instances) is { } instance
            ? StreamAsync(http, token => instance.Console.ReadAsync(From(http.Request), token), ResourceJson.Default.ConsoleLine, stopping)
            : RefuseAsync(http, StatusCodes.Status404NotFound, "There is no such instance."));
        app.MapPost(ResourceProtocol.ResourcesPath + "/{id}/{command}", http => Find(http, instances) is { } instance
            ? ExecuteAsync(http, instance)
            : RefuseAsync(http, StatusCodes.Status404NotFound, "There is no such instance."));
    }

    private static InstanceControl? Find(HttpContext http, InstanceDirectory instances) =>
        instances.Find((string)http.GetRouteValue("id")!);

    // A command goes on though its caller is gone: half a restart helps nobody.
    private static async Task ExecuteAsync(HttpContext http, InstanceControl instance)
    {
        if (await instance.ExecuteAsync((string)http.GetRouteValue("command")!) is { } refusal)
        {
            await RefuseAsync(http, StatusCodes.Status409Conflict, refusal);
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    private static async Task StreamAsync<T>(
        HttpContext http, Func<CancellationToken, IAsyncEnumerable<T>> items, JsonTypeInfo<T> type, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        http.Response.ContentType = "application/x-ndjson";
        try
        {
            await http.Response.Body.FlushAsync(ended.Token);
            await foreach (var item in items(ended.Token))
            {
                await http.Response.Body.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(item, type), (byte)'\n'], ended.Token);
                await http.Response.Body.FlushAsync(ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader is gone, or the application stops.
        }
    }

    private static long From(HttpRequest request) =>
        long.TryParse(request.Query["from"], NumberStyles.None, CultureInfo.InvariantCulture, out var from) ? from : 0;

    private static Task RefuseAsync(HttpContext http, int status, string reason)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(reason, http.RequestAborted);
    }

    private static bool HasKey(HttpRequest request, string key) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(request.Headers[ResourceProtocol.KeyHeader].ToString()), Encoding.UTF8.GetBytes(key));
}
