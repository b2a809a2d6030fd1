using WhisperMesh.Router.Workers;

namespace WhisperMesh.Router.Routing;

/// <summary>Languages as requests name them.</summary>
internal static class RequestLanguage
{
    /// <summary>The one language that is meant, BCP-47; empty where it is to be detected.</summary>
    public static string Of(WorkerRequirements requirements) =>
        requirements.Language.Length == 0 && requirements.AllowedLanguages is [var only] ? only : requirements.Language;

    /// <summary>Whether a code means the other as well: "pt" covers "pt-BR", which covers no other region.</summary>
    public static bool Covers(string code, string other) =>
        other.StartsWith(code, StringComparison.OrdinalIgnoreCase) && (other.Length == code.Length || other[code.Length] == '-');

    /// <summary>Whether both are the same language, whatever the region.</summary>
    public static bool IsSame(string one, string other) => Primary(one).Equals(Primary(other), StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Primary(string code) => code.AsSpan(0, code.IndexOf('-') is >= 0 and var end ? end : code.Length);
}
