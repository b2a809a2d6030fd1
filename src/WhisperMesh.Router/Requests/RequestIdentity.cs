namespace WhisperMesh.Router.Requests;

/// <summary>Id of the request that a connection or call carries. Every reply names it, errors among them.</summary>
internal sealed class RequestIdentity(string id)
{
    /// <summary>The caller's own from the header or, where the first message names one, from there; else one that was made.</summary>
    public string Id { get; private set; } = id;

    public static RequestIdentity Of(HttpContext context)
    {
        if (context.Features.Get<RequestIdentity>() is not { } identity)
        {
            var given = context.Request.Headers[RequestIds.HeaderName].ToString();
            identity = new RequestIdentity(RequestIds.IsValid(given) ? given : RequestIds.Create());
            context.Features.Set(identity);
        }

        return identity;
    }

    /// <summary>Takes the id that the request itself names.</summary>
    public void Take(string id) => Id = id;
}
