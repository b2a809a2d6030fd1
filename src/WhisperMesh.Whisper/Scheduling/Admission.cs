using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Whisper.Scheduling;

/// <summary>
/// Says whether there are rows and memory for a job. Of the scheduler's thread, which it wakes when memory that was short comes back.
/// </summary>
internal sealed class Admission : IDisposable
{
    private readonly SchedulerOptions _options;
    private readonly AttentionPool _pool;
    private readonly Action _wake;
    private volatile bool _isShort;

    public Admission(SchedulerOptions options, AttentionPool pool, Action wake)
    {
        (_options, _pool, _wake) = (options, pool, wake);
        _pool.Returned = OnReturned;
    }

    /// <param name="job">What asks to be let in.</param>
    /// <param name="activeRows">Rows that are let in already.</param>
    public bool Admits(WindowJob job, int activeRows)
    {
        var limit = job.Class == RequestClass.Bulk ? _options.MaxRows - _options.ReservedRows : _options.MaxRows;
        return (activeRows == 0 || activeRows + job.Program.MaxRows <= limit) && (job.Audio is not null || HasMemory(job));
    }

    public void Dispose() => _pool.Returned = null;

    private bool HasMemory(WindowJob job)
    {
        var bytes = CrossMemory.ByteCount(_pool.Dimensions, job.Frames / 2);
        if (Fits(_pool.BytesInUse))
        {
            return true;
        }
        // Windows are given back by others: from now on they wake the thread; but one may have come back just before.
        _isShort = true;
        return Fits(_pool.BytesInUse);

        bool Fits(long used) => used == 0 || used + bytes <= _options.MaxBytes;
    }

    private void OnReturned()
    {
        if (_isShort)
        {
            _isShort = false;
            _wake();
        }
    }
}
