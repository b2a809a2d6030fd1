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

    /// <summary>The request's id: the caller's header, or a new one; the response carries it from here on.</summary>
    public static string TakeRequestId(HttpContext context)
    {
        var given = context.Request.Headers[Requests.RequestIds.HeaderName].ToString();
        var id = Requests.RequestChecks.RequestId(given);
        context.Response.Headers[Requests.RequestIds.HeaderName] = id;
        return id;
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

        if (route.Cache != CacheResult.Unspecified)
        {
            response.Headers[Cache] = route.Cache.ToString().ToLowerInvariant();
        }
    }
}
