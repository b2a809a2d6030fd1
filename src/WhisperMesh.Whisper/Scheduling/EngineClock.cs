using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Whisper.Scheduling;

/// <summary>What a model has done since it was loaded. Written by its scheduler, read by anyone.</summary>
internal sealed class EngineClock
{
    private long _encoding;
    private long _decoding;
    private long _search;
    private long _windows;
    private long _steps;
    private long _rows;
    private long _tokens;

    public void Encoded(TimeSpan elapsed)
    {
        Add(ref _encoding, elapsed.Ticks);
        Add(ref _windows, 1);
    }

    public void Step(TimeSpan elapsed, StepPlan plan)
    {
        Add(ref _decoding, elapsed.Ticks);
        Add(ref _steps, 1);
        Add(ref _rows, plan.Rows.Count);
        Add(ref _tokens, plan.TokenCount);
    }

    public void Search(TimeSpan elapsed) => Add(ref _search, elapsed.Ticks);

    public EngineStatistics Read(AttentionPool pool, int activeRows, TimeSpan queuedAudio) => new(
        new TimeSpan(Volatile.Read(ref _encoding)), new TimeSpan(Volatile.Read(ref _decoding)),
        new TimeSpan(Volatile.Read(ref _search)), Volatile.Read(ref _windows), Volatile.Read(ref _steps),
        Volatile.Read(ref _rows), Volatile.Read(ref _tokens), activeRows, queuedAudio, pool.BytesInUse, pool.PeakBytes);

    // One writer: no need to lock the bus.
    private static void Add(ref long total, long amount) => Volatile.Write(ref total, total + amount);
}
