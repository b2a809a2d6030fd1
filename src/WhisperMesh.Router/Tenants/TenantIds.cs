using System.Buffers;

namespace WhisperMesh.Router.Tenants;

/// <summary>Names of tenants, which stand in keys of Redis.</summary>
internal static class TenantIds
{
    public const string Form = "1 to 64 characters of A-Z a-z 0-9 . _ -";

    private const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(string id) => id.Length is > 0 and <= MaxLength && !id.AsSpan().ContainsAnyExcept(Allowed);
}
