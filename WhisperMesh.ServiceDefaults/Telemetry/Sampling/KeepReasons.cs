namespace WhisperMesh.ServiceDefaults.Telemetry.Sampling;

/// <summary>Why a trace was kept.</summary>
internal static class KeepReasons
{
    /// <summary>By its id.</summary>
    public const string Ratio = "ratio";

    /// <summary>A span of it ended with an error.</summary>
    public const string Failed = "failed";

    /// <summary>It took long.</summary>
    public const string Slow = "slow";

    /// <summary>Its text is doubtful.</summary>
    public const string Quality = "quality";

    /// <summary>Another process keeps it.</summary>
    public const string Told = "told";
}
