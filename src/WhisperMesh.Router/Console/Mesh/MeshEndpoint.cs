using WhisperMesh.Router.Tenants;

namespace WhisperMesh.Router.Console.Mesh;

/// <summary>GET /v1/mesh.</summary>
internal static class MeshEndpoint
{
    public static IResult Get(HttpContext context, MeshView view)
    {
        var caller = Caller.Of(context);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(view.Show(caller.TenantId, caller.IsOperator), MeshJson.Default.MeshObject);
    }
}
