namespace WhisperMesh.Transcription.Models;

/// <summary>Settings of one of several models, <c>Transcription:Models:0</c> and so on.</summary>
internal sealed class ModelSettings
{
    /// <summary>Id that clients name it by.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its folder.</summary>
    public string Path { get; set; } = "";

    /// <summary>Other ids that lead to it; unset: whisper-1 for the default model, unless another takes that name.</summary>
    public string[]? Aliases { get; set; }

    /// <summary>Whether it serves requests that name no model. Of several models exactly one does.</summary>
    public bool Default { get; set; }

    /// <summary>Loads it at start instead of on first use. The default model is always loaded at start.</summary>
    public bool LoadAtStart { get; set; }

    /// <summary>Keeps it in memory for good once it is there; unset: the default model is kept.</summary>
    public bool? KeepLoaded { get; set; }
}
