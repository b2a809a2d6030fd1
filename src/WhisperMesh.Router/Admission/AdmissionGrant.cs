namespace WhisperMesh.Router.Admission;

/// <summary>Leave to go to a worker; disposing it tells that the request is over.</summary>
internal sealed class AdmissionGrant : IDisposable
{
    private readonly AdmissionQueue _queue;
    private readonly double _costPerAudioSecond;
    private int _onItsWay = 1;

    public AdmissionGrant(AdmissionQueue queue, AdmissionRequest request, double cost)
    {
        (_queue, Request, Cost) = (queue, request, cost);
        var work = request.Plan.Work!;
        _costPerAudioSecond = work.AudioSeconds > 0 ? cost / work.AudioSeconds : 0;
        work.Chosen = Arrive;
    }

    public AdmissionRequest Request { get; }

    /// <summary>Seconds of a worker that it is predicted to take.</summary>
    public double Cost { get; }

    /// <summary>The tenant pays for what the request was, not for what it was thought to be.</summary>
    public void Dispose()
    {
        Arrive();
        _queue.Settle(Request, (Request.Plan.Work!.AudioSeconds * _costPerAudioSecond) - Cost);
    }

    // From here on the worker's own count holds it.
    private void Arrive()
    {
        if (Interlocked.Exchange(ref _onItsWay, 0) == 1)
        {
            _queue.OnArrived();
        }
    }
}
