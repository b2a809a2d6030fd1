namespace WhisperMesh.Transcription.Models;

/// <summary>Chooses what is to be loaded and unloaded next. Reads the slots under their table's lock.</summary>
internal sealed class ModelPlanner(IReadOnlyList<ModelSlot> slots, ModelLimits limits, TimeProvider timeProvider)
{
    private long FreeBytes => limits.MemoryBytes - slots.Where(slot => slot.IsResident).Sum(slot => slot.MemoryBytes);

    /// <summary>The next step while no step is being done; null when there is none.</summary>
    public ModelStep? Next(IReadOnlyList<ModelSlot> wanted) => OverBudget() ?? Wanted(wanted) ?? Expired();

    /// <summary>The next step towards an empty memory.</summary>
    public ModelStep? Closing() => slots.FirstOrDefault(slot => slot is { Phase: ModelPhase.Ready, Leases: 0 }) is { } free
        ? new ModelStep(free, UnloadReason.Stopping)
        : null;

    /// <summary>Whether a model would be too large for the memory even if all were gone that can go.</summary>
    public bool CanNeverFit(ModelSlot slot) => slot.MemoryBytes
        > limits.MemoryBytes - slots.Where(other => other.IsResident && other.Definition.KeepLoaded).Sum(other => other.MemoryBytes);

    /// <summary>How long until an idle model is to be unloaded; infinite when there is none.</summary>
    public TimeSpan UntilNextExpiry() => limits.IdleTime > TimeSpan.Zero && slots.Any(slot => slot.IsIdle)
        ? slots.Where(slot => slot.IsIdle).Min(IdleTimeLeft)
        : Timeout.InfiniteTimeSpan;

    // A model may turn out to be larger than was estimated.
    private ModelStep? OverBudget() => FreeBytes < 0 ? LeastRecentlyUsed() : null;

    private ModelStep? Wanted(IReadOnlyList<ModelSlot> wanted)
    {
        foreach (var slot in wanted)
        {
            if (slot.MemoryBytes <= FreeBytes)
            {
                return new ModelStep(slot, null);
            }

            if (slot.MemoryBytes <= FreeBytes + slots.Where(other => other.IsIdle).Sum(other => other.MemoryBytes))
            {
                return LeastRecentlyUsed();
            }

            slot.LacksMemory = true;
        }

        return null;
    }

    private ModelStep? Expired() =>
        limits.IdleTime > TimeSpan.Zero
        && slots.FirstOrDefault(slot => slot.IsIdle && IdleTimeLeft(slot) == TimeSpan.Zero) is { } expired
            ? new ModelStep(expired, UnloadReason.Idle)
            : null;

    private ModelStep? LeastRecentlyUsed() => slots.Where(slot => slot.IsIdle).MinBy(slot => slot.LastUsed) is { } oldest
        ? new ModelStep(oldest, UnloadReason.Memory)
        : null;

    private TimeSpan IdleTimeLeft(ModelSlot slot)
    {
        var left = limits.IdleTime - timeProvider.GetElapsedTime(slot.LastUsed);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
