namespace WhisperMesh.Whisper.Scheduling;

/// <summary>How much one model works on at once.</summary>
internal sealed record SchedulerOptions
{
    /// <summary>Rows in a step.</summary>
    public int MaxRows { get; init; } = 16;

    /// <summary>Rows that bulk work leaves to those who wait for an answer.</summary>
    public int ReservedRows { get; init; } = 4;

    /// <summary>Rows of later classes that may come along in a step of an earlier one: each makes the step about a tenth longer.</summary>
    public int GuestRows { get; init; } = 2;

    /// <summary>Bytes that windows and rows may hold.</summary>
    public long MaxBytes { get; init; } = 512L << 20;

    /// <summary>Waiting that lifts work by one class.</summary>
    public TimeSpan Aging { get; init; } = TimeSpan.FromSeconds(1);
}
