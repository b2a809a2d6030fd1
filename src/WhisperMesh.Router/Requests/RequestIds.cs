using System.Buffers;

namespace WhisperMesh.Router.Requests;

/// <summary>Ids of requests: the caller's own, or made here.</summary>
internal static class RequestIds
{
    public const string HeaderName = "x-request-id";

    private const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(string id) => id.Length is > 0 and <= MaxLength && !id.AsSpan().ContainsAnyExcept(Allowed);

    public static string Create() => Guid.NewGuid().ToString();
}
