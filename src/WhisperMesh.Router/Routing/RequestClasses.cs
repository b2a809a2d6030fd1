using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Routing;

/// <summary>Classes as the configuration names them.</summary>
internal static class RequestClasses
{
    /// <summary>The class that a request gets: what it asks for, or the route says, but no more urgent than route and tenant allow.</summary>
    /// <param name="asked">What it asks for.</param>
    /// <param name="route">The route's priority; null: none.</param>
    /// <param name="tenant">The tenant's most urgent class.</param>
    public static RequestClass Of(RequestClass asked, string? route, string tenant)
    {
        var byRoute = Parse(route);
        var wish = asked != RequestClass.Unspecified ? asked : byRoute ?? RequestClass.Interactive;
        return Calmest(Calmest(wish, byRoute ?? wish), Parse(tenant) ?? wish);
    }

    private static RequestClass? Parse(string? name) => name switch
    {
        "live" => RequestClass.Live,
        "interactive" => RequestClass.Interactive,
        "bulk" => RequestClass.Bulk,
        _ => null,
    };

    // The contract numbers them from the most urgent to the least.
    private static RequestClass Calmest(RequestClass one, RequestClass other) => (RequestClass)Math.Max((int)one, (int)other);
}
