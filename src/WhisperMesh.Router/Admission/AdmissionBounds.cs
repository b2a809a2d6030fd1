using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Admission;

/// <summary>Says who is refused: what would come too late, and what the queue has no room for. Guarded by the queue's lock.</summary>
internal sealed class AdmissionBounds(WaitingRoom waiting, AdmissionOptions options, AdmissionMetrics metrics, TimeProvider time)
{
    public bool IsLate(AdmissionRequest request) => request.Deadline <= time.GetUtcNow().UtcDateTime;

    public MeshException Late(AdmissionRequest request) => Shed(request, ShedReasons.Deadline, MeshException.DeadlineExceeded());

    /// <exception cref="MeshException">Even a request that begins at once would end after its deadline.</exception>
    public void CheckLatency(AdmissionRequest request, WorkerRoom? room)
    {
        if (LatencyOf(request, room) is { } latency && EndsLate(request, latency))
        {
            throw Shed(request, ShedReasons.Late, AdmissionErrors.TooLate(latency, TimeSpan.Zero));
        }
    }

    /// <summary>Refuses the newcomer, or whoever has to make room for it.</summary>
    /// <exception cref="MeshException">It is the newcomer.</exception>
    public void Check(Waiter newcomer, WorkerRoom room)
    {
        CheckWait(newcomer, room);
        while (IsOverfull)
        {
            var victim = waiting.Queue.Heaviest()!;
            var drain = victim.Lane.WaitOf(victim, waiting.Queue, room.Workers);
            var error = waiting.Queue.HasItsShare(victim.Request)
                ? Shed(victim.Request, ShedReasons.Share, AdmissionErrors.OwnShareFull(drain))
                : Shed(victim.Request, ShedReasons.Full, AdmissionErrors.QueueFull(drain));
            waiting.Remove(victim);
            if (victim == newcomer)
            {
                throw error;
            }

            victim.Answer.TrySetException(error);
        }
    }

    // One request may be longer than all that may wait.
    private bool IsOverfull => waiting.Queue.Count > options.QueueLimit
        || (waiting.Queue.Cost > options.QueuedWorkLimit.TotalSeconds && waiting.Queue.Count > 1);

    private void CheckWait(Waiter newcomer, WorkerRoom room)
    {
        var request = newcomer.Request;
        // A guess is no reason to refuse.
        if (!newcomer.Lane.Drain.IsMeasured && !room.Measured)
        {
            return;
        }

        var wait = newcomer.Lane.WaitOf(newcomer, waiting.Queue, room.Workers);
        var end = wait + (LatencyOf(request, room) ?? TimeSpan.Zero);
        if (EndsLate(request, end))
        {
            waiting.Remove(newcomer);
            throw Shed(request, ShedReasons.Late, AdmissionErrors.TooLate(end, wait));
        }

        if (wait > options.MaxWait)
        {
            waiting.Remove(newcomer);
            throw Shed(request, ShedReasons.Wait, AdmissionErrors.TooLong(wait, wait - options.MaxWait));
        }
    }

    // Of a stream that still grows nobody knows the end.
    private static TimeSpan? LatencyOf(AdmissionRequest request, WorkerRoom? room) =>
        request.Plan.Work!.Complete ? room?.Latency : null;

    private bool EndsLate(AdmissionRequest request, TimeSpan end) =>
        request.Deadline is { } deadline && time.GetUtcNow().UtcDateTime + end > deadline;

    private MeshException Shed(AdmissionRequest request, string reason, MeshException error)
    {
        metrics.Shed(request.Plan.Class, reason);
        return error;
    }
}
