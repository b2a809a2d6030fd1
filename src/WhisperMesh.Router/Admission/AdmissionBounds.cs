using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Admission;

/// <summary>Says who is refused: what would come too late, and what the queue has no room for. Guarded by the queue's lock.</summary>
internal sealed class AdmissionBounds(WaitingRoom waiting, AdmissionOptions options, AdmissionMetrics metrics, TimeProvider time)
{
    /// <summary>Predictions are off by about so much; work that ends just too late is as lost as any.</summary>
    private const double Margin = 1.1;

    public bool IsLate(AdmissionRequest request) => request.Deadline <= time.GetUtcNow().UtcDateTime;

    public MeshException Late(AdmissionRequest request) => Shed(request, ShedReasons.Deadline, MeshException.DeadlineExceeded());

    /// <summary>The error for a request that would end after its deadline even if it began at once; null: it would not.</summary>
    public MeshException? Hopeless(AdmissionRequest request, WorkerRoom? room) =>
        room?.LatencyOf(request.Plan.Work!) is { } latency && EndsLate(request, latency)
            ? Shed(request, ShedReasons.Late, AdmissionErrors.TooLate(latency, TimeSpan.Zero))
            : null;

    /// <summary>Refuses the newcomer, or whoever has to make room for it.</summary>
    /// <exception cref="MeshException">It is the newcomer.</exception>
    public void Check(Waiter newcomer, WorkerRoom room)
    {
        CheckWait(newcomer, room);
        while (IsOverfull)
        {
            var victim = waiting.Queue.Heaviest()!;
            var drain = victim.Lane.WaitOf(victim, waiting.Queue, room);
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
        if (!newcomer.Lane.Drain.IsMeasured && room.Pace is null)
        {
            return;
        }

        var wait = newcomer.Lane.WaitOf(newcomer, waiting.Queue, room);
        var end = wait + (room.LatencyOf(request.Plan.Work!) ?? TimeSpan.Zero);
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

    private bool EndsLate(AdmissionRequest request, TimeSpan end) =>
        request.Deadline is { } deadline && time.GetUtcNow().UtcDateTime + (end * Margin) > deadline;

    private MeshException Shed(AdmissionRequest request, string reason, MeshException error)
    {
        metrics.Shed(request.Plan.Class, reason);
        return error;
    }
}
