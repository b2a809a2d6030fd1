using WhisperMesh.ServiceDefaults.Workers;

namespace WhisperMesh.Router.Admission;

/// <summary>A request that waits. Guarded by the queue's lock.</summary>
internal sealed class Waiter(AdmissionRequest request, Lane lane, double cost, long since)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);

    public AdmissionRequest Request { get; } = request;

    public Lane Lane { get; } = lane;

    /// <summary>Predicted seconds of a worker's time.</summary>
    public double Cost { get; } = cost;

    /// <summary>Timestamp of its arrival.</summary>
    public long Since { get; } = since;

    public int Class { get; } = ClassTurns.IndexOf(request.Plan.Class);

    /// <summary>Answered when it may go, or must not.</summary>
    public TaskCompletionSource<AdmissionGrant> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <exception cref="TimeoutException">Its deadline has passed.</exception>
    public Task<AdmissionGrant> WaitAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var left = Request.Deadline is { } deadline ? deadline - time.GetUtcNow().UtcDateTime : LongestTimer;
        return left < LongestTimer
            ? Answer.Task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken)
            : Answer.Task.WaitAsync(cancellationToken);
    }
}
