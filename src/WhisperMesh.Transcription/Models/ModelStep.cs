namespace WhisperMesh.Transcription.Models;

/// <summary>Why a model leaves memory.</summary>
internal enum UnloadReason
{
    /// <summary>Nobody has used it for a while.</summary>
    Idle,

    /// <summary>Another one needs the room.</summary>
    Memory,

    /// <summary>The worker stops.</summary>
    Stopping,
}

/// <summary>What is to be done next: load a model or, with a reason, unload it.</summary>
internal sealed record ModelStep(ModelSlot Slot, UnloadReason? Unload);
