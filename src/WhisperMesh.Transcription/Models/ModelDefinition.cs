namespace WhisperMesh.Transcription.Models;

/// <summary>A model that the worker serves, as it is set.</summary>
internal sealed record ModelDefinition
{
    /// <summary>Id that clients name it by.</summary>
    public required string Name { get; init; }

    /// <summary>Full path of its folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Other ids that lead to it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Codes of the languages it knows; empty when its files don't tell.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Whether it serves requests that name no model.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Whether it is loaded at start.</summary>
    public bool LoadAtStart { get; init; }

    /// <summary>Whether it stays in memory once it is there.</summary>
    public bool KeepLoaded { get; init; }
}
