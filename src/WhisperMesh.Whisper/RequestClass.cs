namespace WhisperMesh.Whisper;

/// <summary>How urgent a request is. Work of a later class waits for that of an earlier one, but not for ever.</summary>
public enum RequestClass
{
    /// <summary>Someone is speaking, and reads along.</summary>
    Live,

    /// <summary>Someone waits for the answer.</summary>
    Interactive,

    /// <summary>Files that may take their time.</summary>
    Bulk,
}
