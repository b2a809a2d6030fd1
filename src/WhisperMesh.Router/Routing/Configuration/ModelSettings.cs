namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>A model as callers see it.</summary>
internal sealed record ModelSettings
{
    /// <summary>Other names that lead to it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Models that serve in its place when none of its workers can, in order; each is followed by its own.</summary>
    public IReadOnlyList<string> Fallbacks { get; init; } = [];
}
