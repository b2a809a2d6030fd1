namespace WhisperMesh.Router.Http;

/// <summary>Response headers that say how a request was served.</summary>
internal static class RouteHeaders
{
    public const string Worker = "x-whispermesh-worker";
    public const string Model = "x-whispermesh-model";

    /// <summary>The request's id: the caller's header, or a new one; the response carries it from here on.</summary>
    public static string TakeRequestId(HttpContext context)
    {
        var given = context.Request.Headers[Requests.RequestIds.HeaderName].ToString();
        var id = Requests.RequestChecks.RequestId(given);
        context.Response.Headers[Requests.RequestIds.HeaderName] = id;
        return id;
    }

    public static void SetRoute(HttpResponse response, string workerId, string model)
    {
        if (!response.HasStarted)
        {
            response.Headers[Worker] = workerId;
            response.Headers[Model] = model;
        }
    }
}
