namespace WhisperMesh.Tests.Shared;

/// <summary>What goes wrong in one direction of a <see cref="FaultProxy"/>. Immutable; set a new one to change it, also while bytes flow.</summary>
internal sealed record Faults
{
    public static readonly Faults None = new();

    /// <summary>Time that each piece is held back; the order stays.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Most that <see cref="Latency"/> differs from piece to piece, up or down.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Bytes a second at most; 0: any.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>Pieces of 1 to this many bytes, each sent by itself; 0: as they come.</summary>
    public int SliceBytes { get; init; }

    /// <summary>Bytes vanish: nothing arrives, nothing is closed.</summary>
    public bool BlackHole { get; init; }

    /// <summary>The connection ends, in good order, after this many bytes in this direction.</summary>
    public long? LimitBytes { get; init; }

    /// <summary>Share of pieces at which the connection is reset, 0 to 1.</summary>
    public double ResetShare { get; init; }

    /// <summary>Time by which the end of this direction is passed on late.</summary>
    public TimeSpan CloseDelay { get; init; }
}
