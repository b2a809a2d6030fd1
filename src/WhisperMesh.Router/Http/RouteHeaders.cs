using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Http;

/// <summary>Response headers that say how a request was served.</summary>
internal static class RouteHeaders
{
    public const string Worker = "x-whispermesh-worker";
    public const string Model = "x-whispermesh-model";

    /// <summary>Name of the route in the configuration.</summary>
    public const string RouteName = "x-whispermesh-route";

    /// <summary>Why this worker.</summary>
    public const string Reason = "x-whispermesh-route-reason";

    /// <summary>"true" where audio or text left the mesh, to an upstream; else absent.</summary>
    public const string External = "x-whispermesh-external";

    /// <summary>"hit", "miss" or "shared"; absent where the cache was not asked.</summary>
    public const string Cache = "x-whispermesh-cache";

    /// <summary>What was approximated, left out or found odd, in plain sentences; absent where nothing was.</summary>
    public const string Warnings = "x-whispermesh-warnings";

    private const int MaxWarningsLength = 2000;

    /// <summary>The request's id: the caller's header, or a new one; the response carries it.</summary>
    public static string TakeRequestId(HttpContext context)
    {
        var given = context.Request.Headers[Requests.RequestIds.HeaderName].ToString();
        return Requests.RequestChecks.RequestId(given, context);
    }

    /// <summary>Says how the request was served, as long as headers can still be set.</summary>
    public static void SetRoute(HttpResponse response, RouteTaken? route)
    {
        if (route is null || response.HasStarted)
        {
            return;
        }

        response.Headers[Worker] = route.WorkerId;
        response.Headers[Model] = route.Model;
        response.Headers[RouteName] = route.Name;
        response.Headers[Reason] = route.Reason;
        if (route.External)
        {
            response.Headers[External] = "true";
        }

        if (CacheOf(route) is { } cache)
        {
            response.Headers[Cache] = cache;
        }
    }

    /// <summary>Says what the caller should know and the body has no room for, as long as headers can still be set.</summary>
    public static void SetWarnings(HttpResponse response, IReadOnlyCollection<string> warnings)
    {
        if (warnings.Count > 0 && !response.HasStarted)
        {
            var text = string.Join(' ', warnings);
            var length = Math.Min(text.Length, MaxWarningsLength);
            response.Headers[Warnings] = string.Create(length, text, static (header, all) =>
            {
                for (var i = 0; i < header.Length; i++)
                {
                    // A header is printable ASCII.
                    header[i] = all[i] is >= ' ' and <= '~' ? all[i] : char.IsWhiteSpace(all[i]) ? ' ' : '?';
                }
            });
        }
    }

    /// <summary>"hit", "miss" or "shared"; null where the cache was not asked.</summary>
    public static string? CacheOf(RouteTaken route) =>
        route.Cache == CacheResult.Unspecified ? null : route.Cache.ToString().ToLowerInvariant();
}
