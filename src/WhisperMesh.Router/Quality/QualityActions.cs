namespace WhisperMesh.Router.Quality;

/// <summary>What becomes of a doubtful result, as the configuration names it.</summary>
internal static class QualityActions
{
    public const string Flag = "flag";
    public const string Drop = "drop";
    public const string Retry = "retry";

    public static IReadOnlyList<string> All { get; } = [Flag, Drop, Retry];
}
