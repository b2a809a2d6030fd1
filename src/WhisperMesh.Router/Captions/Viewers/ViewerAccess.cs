using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.Router.Tenants;
using WhisperMesh.Router.Tenants.Authentication;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Captions.Viewers;

/// <summary>
/// Says who may watch. Where keys are asked for, a viewer shows the channel's own token, or a key of its tenant; a channel that a
/// viewer may not see is told from one that does not exist by nothing.
/// </summary>
internal sealed class ViewerAccess(
    CaptionBoard board, Authenticator authenticator, IOptions<KeyOptions> keys, IOptions<EndpointOptions> endpoints)
{
    public const string TokenParameter = "view";

    private readonly bool _keysRequired = keys.Value.AreRequired(endpoints.Value);

    /// <summary>Whether only who has a token or a key may watch.</summary>
    public bool IsClosed => _keysRequired;

    /// <exception cref="MeshException">There is no such channel for this viewer.</exception>
    public async ValueTask<CaptionChannel> OpenAsync(HttpContext context, string name)
    {
        RefuseOtherSites(context);
        var channel = await FindAsync(context, name);
        return channel is { Log.Run.Length: > 0 } ? channel : throw NotFound();
    }

    public static MeshException NotFound() => MeshException.NotFound(
        "name", "There are no captions under this name now, or the link to them is not whole.", "CAPTIONS_NOT_FOUND");

    private async ValueTask<CaptionChannel?> FindAsync(HttpContext context, string name)
    {
        if (!TenantIds.IsValid(name))
        {
            return null;
        }

        if (!_keysRequired)
        {
            return await board.FindAsync(new ChannelKey(Caller.Local.TenantId, name));
        }

        if (context.Request.Query[TokenParameter].ToString() is { Length: > 0 } token)
        {
            return await board.FindAsync(name, token);
        }

        var caller = await AuthenticateAsync(context);
        return await board.FindAsync(new ChannelKey(caller.TenantId, name));
    }

    private async ValueTask<Caller> AuthenticateAsync(HttpContext context)
    {
        Caller caller;
        try
        {
            caller = await authenticator.AuthenticateAsync(context.Request.Headers.Authorization, context.RequestAborted);
        }
        catch (MeshException e) when (e.StatusCode == StatusCode.Unauthenticated)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            throw;
        }

        return caller.Scopes.Contains(Scopes.Transcribe)
            ? caller
            : throw new MeshException(
                StatusCode.PermissionDenied,
                ErrorReasons.ScopeMissing,
                $"The API key lacks the scope '{Scopes.Transcribe}', which this needs.");
    }

    // Without keys whoever reaches the router may watch, but not any page that the reader's browser happens to show: a WebSocket
    // is not kept from other sites by the browser.
    private void RefuseOtherSites(HttpContext context)
    {
        if (!_keysRequired
            && context.Request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var site) && site.Authority == context.Request.Host.Value))
        {
            throw new MeshException(
                StatusCode.PermissionDenied, "OTHER_SITE", "Captions of a router without API keys can't be watched from another site.");
        }
    }
}
