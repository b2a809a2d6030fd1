namespace WhisperMesh.Whisper;

/// <summary>What the engine thinks of its own text.</summary>
public enum SegmentVerdict
{
    /// <summary>Nothing speaks against it.</summary>
    Ok,

    /// <summary>Perhaps nobody spoke: the no-speech test or a phrase known to be made up in silence.</summary>
    SuspectedSilence,

    /// <summary>The text repeats itself, at every temperature.</summary>
    SuspectedLoop,

    /// <summary>The mean log probability is below the threshold, at every temperature.</summary>
    LowConfidence,

    /// <summary>The language of this speech seems to be another than the one it was decoded as.</summary>
    LanguageMismatch,
}
