using WhisperMesh.Router.Workers.Health;
using WhisperMesh.ServiceDefaults.Workers;

namespace WhisperMesh.Router.Workers.Load;

/// <summary>This router's requests at one worker, and what they taught of it. Guarded by the pool's lock.</summary>
internal sealed class WorkerLoadBook(TimeProvider time)
{
    private const double NewestWeight = 0.1;

    private readonly List<RunningWork> _running = [];
    private readonly Dictionary<string, SpeedMeter> _speeds = [];

    public IReadOnlyList<RunningWork> Running => _running;

    public ConcurrencyLimit Limit { get; } = new(time);

    /// <summary>How long loading a model is thought to take.</summary>
    public TimeSpan ColdStart { get; private set; } = TimeSpan.FromSeconds(10);

    /// <summary>Audio of a request, on average of late, in seconds.</summary>
    public double MeanAudioSeconds { get; private set; } = PredictedWork.UnknownAudioSeconds;

    public double SpeedOf(string model) => _speeds.TryGetValue(model, out var meter) ? meter.AudioSecondsPerSecond : 0;

    /// <summary>Predicted seconds until all of them are worked off.</summary>
    public double Seconds(WorkerState worker)
    {
        var seconds = 0d;
        foreach (var entry in _running)
        {
            seconds += entry.Work.LeftSeconds / worker.SpeedOf(entry.Model);
        }

        return seconds;
    }

    /// <summary>Predicted seconds of work of a request of which nothing is known.</summary>
    public double MeanSeconds(WorkerState worker) =>
        MeanAudioSeconds / (worker.Lease.Capabilities?.Models is [var model, ..] ? worker.SpeedOf(model.Model.Id) : WorkerSpeed.Default);

    public RunningWork Enter(string model, PredictedWork work, int concurrency, bool cold)
    {
        var entry = new RunningWork(work, model, time.GetTimestamp(), concurrency, cold);
        _running.Add(entry);
        if (!_speeds.TryGetValue(model, out var meter))
        {
            _speeds[model] = meter = new SpeedMeter(time);
        }

        if (!work.IsLive)
        {
            meter.Begin();
        }

        return entry;
    }

    public void Leave(RunningWork entry)
    {
        if (!_running.Remove(entry) || entry.Work.IsLive)
        {
            return;
        }

        switch (entry.Outcome)
        {
            case WorkerOutcomeKind.Served:
                MeanAudioSeconds += (entry.Work.AudioSeconds - MeanAudioSeconds) * NewestWeight;
                Limit.OnServed(entry);
                LearnColdStart(entry);
                break;
            case WorkerOutcomeKind.Busy:
                Limit.OnFull();
                break;
        }

        Credit(entry, entry.Outcome == WorkerOutcomeKind.Served ? entry.Work.AudioSeconds : entry.Work.ProcessedSeconds);
        // What the others have got done meanwhile belongs to the same seconds.
        foreach (var other in _running.Where(running => !running.Work.IsLive))
        {
            Credit(other, other.Work.ProcessedSeconds);
        }

        _speeds[entry.Model].End();
    }

    // What it took above the work itself.
    private void LearnColdStart(RunningWork entry)
    {
        if (entry.Cold && SpeedOf(entry.Model) is > 0 and var speed)
        {
            var start = time.GetElapsedTime(entry.StartedAt) - TimeSpan.FromSeconds(entry.Work.AudioSeconds / speed);
            ColdStart = start > TimeSpan.Zero ? (ColdStart + start) / 2 : ColdStart;
        }
    }

    private void Credit(RunningWork entry, double doneSeconds)
    {
        if (doneSeconds > entry.CreditedSeconds)
        {
            _speeds[entry.Model].Add(TimeSpan.FromSeconds(doneSeconds - entry.CreditedSeconds));
            entry.CreditedSeconds = doneSeconds;
        }
    }
}
