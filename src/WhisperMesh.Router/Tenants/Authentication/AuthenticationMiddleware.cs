using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tenants.Authentication;

/// <summary>Lets in, over HTTP and gRPC alike, who has a key that is good for the endpoint, and notes who it is.</summary>
internal sealed class AuthenticationMiddleware(
    RequestDelegate next, Authenticator authenticator, IOptions<KeyOptions> options, IOptions<EndpointOptions> endpoints)
{
    private readonly bool _required = options.Value.AreRequired(endpoints.Value);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!_required)
        {
            context.Features.Set(Caller.Local);
            await next(context);
            return;
        }

        // What matches no endpoint becomes 404 and reveals nothing.
        if (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            try
            {
                context.Features.Set(await AuthorizeAsync(context, endpoint));
            }
            catch (MeshException e) when (OpenAiErrorMiddleware.IsGrpc(context))
            {
                GrpcRefusal.Write(context.Response, e);
                return;
            }
        }

        await next(context);
    }

    private async ValueTask<Caller> AuthorizeAsync(HttpContext context, Endpoint endpoint)
    {
        Caller caller;
        try
        {
            caller = await authenticator.AuthenticateAsync(context.Request.Headers.Authorization, context.RequestAborted);
        }
        catch (MeshException e) when (e.StatusCode == StatusCode.Unauthenticated && !OpenAiErrorMiddleware.IsGrpc(context))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            throw;
        }

        var required = endpoint.Metadata.GetMetadata<RequiredScope>();
        return required is null || required.AnyOf.Any(caller.Scopes.Contains)
            ? caller
            : throw new MeshException(
                StatusCode.PermissionDenied,
                ErrorReasons.ScopeMissing,
                $"The API key lacks the scope '{required.AnyOf[0]}', which this needs.");
    }
}
