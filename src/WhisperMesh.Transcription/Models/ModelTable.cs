using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Models;

/// <summary>
/// Who holds which model, and what is to be loaded and unloaded next. Loads and unloads are one step at a time: a load uses all
/// cores, and what it adds to the process's memory can be measured only alone.
/// </summary>
/// <remarks>All state is guarded by one lock. Does no work itself, so the lock is never held for long.</remarks>
internal sealed class ModelTable
{
    private readonly Lock _lock = new();
    private readonly ModelSlot[] _slots;
    private readonly ModelPlanner _planner;
    private readonly ModelLimits _limits;
    private readonly TimeProvider _timeProvider;

    // Those whose load has not begun, in the order of their requests.
    private readonly List<ModelSlot> _wanted = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closing;
    private bool _stepping;

    public ModelTable(IReadOnlyList<ModelDefinition> models, ModelLimits limits, TimeProvider timeProvider)
    {
        _slots = [.. models.Select(model => new ModelSlot(model))];
        (_limits, _timeProvider) = (limits, timeProvider);
        _planner = new ModelPlanner(_slots, limits, timeProvider);
    }

    /// <summary>Raised when a lease was returned.</summary>
    public event Action? Returned;

    public IReadOnlyList<ModelState> States
    {
        get
        {
            lock (_lock)
            {
                return [.. _slots.Select(slot => slot.Snapshot())];
            }
        }
    }

    public ModelSlot Slot(ModelDefinition model) => Array.Find(_slots, slot => slot.Definition == model)!;

    /// <summary>A lease at once, when the model is in memory; null when a load is needed.</summary>
    /// <exception cref="MeshException">The last load failed and the pause after it is not over, or the worker stops.</exception>
    public ModelLease? TryTake(ModelSlot slot)
    {
        lock (_lock)
        {
            if (_closing)
            {
                throw ModelErrors.Stopping();
            }

            if (slot.Phase == ModelPhase.Ready)
            {
                return Lend(slot);
            }

            return slot is { Phase: ModelPhase.Failed, Wanted: false } && RetryPauseLeft(slot) is var left && left > TimeSpan.Zero
                ? throw ModelErrors.Failed(slot.Failure!, left)
                : null;
        }
    }

    /// <summary>Asks for a lease; the model is loaded for it if need be. Give up with <see cref="GiveUp"/>.</summary>
    public TaskCompletionSource<ModelLease> Request(ModelSlot slot, long estimatedBytes)
    {
        var waiter = new TaskCompletionSource<ModelLease>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (TryTake(slot) is { } lease)
            {
                waiter.SetResult(lease);
                return waiter;
            }

            slot.Waiters.Add(waiter);
            if (slot.Phase != ModelPhase.Loading && !slot.Wanted)
            {
                slot.Wanted = true;
                _wanted.Add(slot);
            }

            if (!slot.IsResident)
            {
                slot.MemoryBytes = slot.MeasuredBytes > 0 ? slot.MeasuredBytes : estimatedBytes;
            }
        }

        return waiter;
    }

    /// <summary>Takes a request back; a load that has begun goes on.</summary>
    /// <returns>Why it had to wait, or null when it has been answered already.</returns>
    public MeshException? GiveUp(ModelSlot slot, TaskCompletionSource<ModelLease> waiter)
    {
        lock (_lock)
        {
            if (!slot.Waiters.Remove(waiter))
            {
                return null;
            }

            var reason = slot.LacksMemory
                ? ModelErrors.NoRoom(slot.Definition.Name, slot.MemoryBytes, _limits.MemoryBytes)
                : ModelErrors.StillLoading(slot.Definition.Name, slot.Snapshot().LoadProgress);
            if (slot.Waiters.Count == 0)
            {
                Unwant(slot);
            }

            return reason;
        }
    }

    /// <summary>Begins the next step; null when there is nothing to do or a step is being done.</summary>
    public ModelStep? Next()
    {
        lock (_lock)
        {
            if (_stepping)
            {
                return null;
            }

            if ((_closing ? _planner.Closing() : Plan()) is not { } step)
            {
                if (_closing)
                {
                    _closed.TrySetResult();
                }

                return null;
            }

            _stepping = true;
            if (step.Unload is null)
            {
                Unwant(step.Slot);
                step.Slot.Load();
            }
            else
            {
                step.Slot.Phase = ModelPhase.Unloading;
            }

            return step;
        }
    }

    /// <summary>How long until an idle model is to be unloaded; infinite when there is none.</summary>
    public TimeSpan UntilNextExpiry()
    {
        lock (_lock)
        {
            return _stepping || _closing ? Timeout.InfiniteTimeSpan : _planner.UntilNextExpiry();
        }
    }

    public void OnProgress(ModelSlot slot, double progress)
    {
        lock (_lock)
        {
            slot.Progress = Math.Clamp(progress, 0, 1);
        }
    }

    public void OnLoaded(ModelSlot slot, ILoadedModel loaded)
    {
        lock (_lock)
        {
            _stepping = false;
            slot.Become(loaded, _timeProvider.GetTimestamp());
            slot.Answer(() => Lend(slot));
        }
    }

    public void OnFailed(ModelSlot slot, ModelFailure failure)
    {
        lock (_lock)
        {
            _stepping = false;
            slot.Fail(failure, _timeProvider.GetTimestamp());
            slot.Refuse(() => ModelErrors.Failed(failure, RetryPauseLeft(slot)));
        }
    }

    public void OnUnloaded(ModelSlot slot)
    {
        lock (_lock)
        {
            _stepping = false;
            (slot.Phase, slot.Loaded) = (ModelPhase.Cold, null);
        }
    }

    /// <summary>Refuses all requests from now on, waiting ones too, and has every model unloaded as it becomes free.</summary>
    /// <returns>Ends when the step that is being done has ended and no model is left but those in use.</returns>
    public Task Close()
    {
        lock (_lock)
        {
            _closing = true;
            foreach (var slot in _slots)
            {
                Unwant(slot);
                slot.Refuse(ModelErrors.Stopping);
            }
        }

        return _closed.Task;
    }

    private ModelStep? Plan()
    {
        foreach (var slot in _wanted.Where(_planner.CanNeverFit).ToArray())
        {
            Unwant(slot);
            slot.Refuse(() => ModelErrors.CanNeverFit(slot.Definition.Name, slot.MemoryBytes, _limits.MemoryBytes));
        }

        return _planner.Next(_wanted);
    }

    private ModelLease Lend(ModelSlot slot)
    {
        slot.Leases++;
        return new ModelLease(slot.Loaded!, () => Return(slot));
    }

    private void Return(ModelSlot slot)
    {
        lock (_lock)
        {
            slot.Leases--;
            slot.LastUsed = _timeProvider.GetTimestamp();
        }

        Returned?.Invoke();
    }

    private TimeSpan RetryPauseLeft(ModelSlot slot)
    {
        var left = RetryPause.After(slot.FailureCount) - _timeProvider.GetElapsedTime(slot.FailedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Unwant(ModelSlot slot)
    {
        slot.Wanted = slot.LacksMemory = false;
        _wanted.Remove(slot);
    }
}
