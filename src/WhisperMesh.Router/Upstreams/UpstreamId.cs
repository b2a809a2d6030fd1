namespace WhisperMesh.Router.Upstreams;

/// <summary>Ids of upstreams among the workers, which are their addresses too: "upstream:NAME".</summary>
internal static class UpstreamId
{
    private const string Scheme = "upstream:";

    public static string Of(string name) => Scheme + name;

    public static bool Is(string idOrAddress) => idOrAddress.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    public static string NameOf(string id) => id[Scheme.Length..];
}
