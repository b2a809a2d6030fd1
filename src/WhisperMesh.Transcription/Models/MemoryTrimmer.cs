namespace WhisperMesh.Transcription.Models;

/// <summary>
/// Gives freed native memory back now and then. Passes of ever other lengths leave holes between what is still held, which glibc keeps: they
/// grew to 35 MB over six hours of a live stream.
/// </summary>
internal sealed class MemoryTrimmer(TimeProvider time) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            ProcessMemory.Trim();
        }
    }
}
