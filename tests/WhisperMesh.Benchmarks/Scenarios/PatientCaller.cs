using System.Diagnostics;
using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>Asks for the same clip once a second, or as soon as the answer is there where it takes longer.</summary>
internal sealed class PatientCaller(IEngine engine, Clip clip)
{
    private const int AloneCount = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // The file is then under way.
    private static readonly TimeSpan HeadStart = TimeSpan.FromSeconds(0.5);

    public async Task<IReadOnlyList<double>> AloneAsync(CancellationToken cancellationToken)
    {
        var waits = new List<double>();
        while (waits.Count < AloneCount)
        {
            waits.Add(await AskAsync(cancellationToken));
        }
        return waits;
    }

    /// <summary>Asks while the file is worked on; gives the waiting times, and the seconds of the file.</summary>
    public async Task<(IReadOnlyList<double> Waits, double FileSeconds)> BesideAsync(Clip file, CancellationToken cancellationToken)
    {
        var work = engine.TranscribeAsync(file, RequestClass.Bulk, cancellationToken);
        await Task.WhenAny(work, Task.Delay(HeadStart, cancellationToken));
        var waits = new List<double>();
        do
        {
            waits.Add(await AskAsync(cancellationToken));
        }
        while (!work.IsCompleted);
        return (waits, (await work).Elapsed.TotalSeconds);
    }

    /// <summary>The wall time is what counts here, whatever the engine says: it holds the wait for other work.</summary>
    private async Task<double> AskAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await engine.TranscribeAsync(clip, RequestClass.Interactive, cancellationToken);
        var waited = Stopwatch.GetElapsedTime(started);
        if (waited < Interval)
        {
            await Task.Delay(Interval - waited, cancellationToken);
        }
        return waited.TotalSeconds;
    }
}
