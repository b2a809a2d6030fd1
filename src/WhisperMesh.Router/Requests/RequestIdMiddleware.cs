using WhisperMesh.Router.Http;

namespace WhisperMesh.Router.Requests;

/// <summary>
/// Names the request in every reply: those of endpoints that never look at the id, errors before any endpoint, and opened WebSockets.
/// A gRPC call has it in its trailers as well, where clients find it beside the status.
/// </summary>
internal sealed class RequestIdMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/health") || context.Request.Path.StartsWithSegments("/alive"))
        {
            await next(context);
            return;
        }

        var identity = RequestIdentity.Of(context);
        context.Response.OnStarting(
            static state =>
            {
                var (response, identity) = ((HttpResponse, RequestIdentity))state;
                response.Headers[RequestIds.HeaderName] = identity.Id;
                return Task.CompletedTask;
            },
            (context.Response, identity));
        await next(context);
        if (OpenAiErrorMiddleware.IsGrpc(context) && context.Response.HasStarted && context.Response.SupportsTrailers())
        {
            context.Response.AppendTrailer(RequestIds.HeaderName, identity.Id);
        }
    }
}
