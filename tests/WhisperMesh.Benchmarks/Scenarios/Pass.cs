using System.Diagnostics;
using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>All clips once through an engine.</summary>
/// <param name="Elapsed">One after another: the sum of the engine's times. At once: from the first question to the last answer.</param>
/// <param name="Processor">Processor time of this process; a rival's own is not in it.</param>
/// <param name="PeakMegabytes">Most memory that this process held meanwhile.</param>
/// <param name="Work">What our engine did; null for another.</param>
/// <param name="Answers">In the order of the clips.</param>
internal sealed record Pass(
    TimeSpan Elapsed, TimeSpan Processor, double PeakMegabytes, EngineWork? Work, IReadOnlyList<EngineAnswer> Answers)
{
    /// <summary>One after another.</summary>
    public static async Task<Pass> SerialAsync(IEngine engine, IReadOnlyList<Clip> clips, CancellationToken cancellationToken)
    {
        var pass = await AtOnceAsync(engine, clips, 1, cancellationToken);
        return pass with { Elapsed = TimeSpan.FromTicks(pass.Answers.Sum(answer => answer.Elapsed.Ticks)) };
    }

    /// <summary>Several callers, each of whom takes the next clip as soon as it has its answer.</summary>
    public static async Task<Pass> AtOnceAsync(IEngine engine, IReadOnlyList<Clip> clips, int callers, CancellationToken cancellationToken)
    {
        var answers = new EngineAnswer[clips.Count];
        var next = -1;
        async Task CallAsync()
        {
            while (Interlocked.Increment(ref next) is var index && index < clips.Count)
            {
                answers[index] = await engine.TranscribeAsync(clips[index], RequestClass.Interactive, cancellationToken);
            }
        }

        var before = (engine as OwnEngine)?.Statistics;
        ProcessMemory.ResetPeak();
        var (started, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CallAsync, cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(started);
        var work = before is null ? null : EngineWork.Between(before, ((OwnEngine)engine).Statistics);
        return new Pass(elapsed, Environment.CpuUsage.TotalTime - processor, ProcessMemory.PeakMegabytes, work, answers);
    }
}
