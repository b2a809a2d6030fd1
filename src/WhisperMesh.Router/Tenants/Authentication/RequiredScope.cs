namespace WhisperMesh.Router.Tenants.Authentication;

/// <summary>On an endpoint: a key must have one of these scopes. An endpoint without it takes any good key.</summary>
internal sealed record RequiredScope(params IReadOnlyList<string> AnyOf);

internal static class RequiredScopeExtensions
{
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, params IReadOnlyList<string> anyOf)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new RequiredScope(anyOf)));
        return builder;
    }
}
