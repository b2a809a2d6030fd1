using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>Memory of one caller against that of several, beside what the arithmetic asks for.</summary>
internal static class CallerMemory
{
    private const double Megabyte = 1024 * 1024;

    // Six layers, keys and values, 512 numbers of two bytes.
    private const int BytesPerPosition = 6 * 2 * 512 * 2;
    private const int PositionsPerSecond = 50;

    // A window is the speech and two seconds more, at least ten in all.
    private const double SilenceSeconds = 2;
    private const double MinSeconds = 10;
    private const double MaxSeconds = 30;

    public static void Report(ScenarioResult result, BenchmarkContext context, Pass one, IReadOnlyCollection<Pass> atOnce)
    {
        var callers = context.Options.Callers;
        var positions = context.Clips.Max(clip => Positions(clip.Duration));
        var peak = atOnce.Max(pass => pass.PeakMegabytes);
        var table = result.Table("memory", "", "MB");
        table.Add("peak with one caller", one.PeakMegabytes);
        table.Add($"peak with {callers} callers", peak);
        table.Add("more", peak - one.PeakMegabytes);
        table.Add("windows and rows, by the engine, with one caller", one.Work!.PeakBytes / Megabyte);
        table.Add($"windows and rows, by the engine, with {callers} callers", atOnce.Max(pass => pass.Work!.PeakBytes) / Megabyte);
        table.Add(
            $"arithmetic: {callers - 1} more windows × {positions} positions × {BytesPerPosition / 1024} KB",
            (callers - 1) * positions * (BytesPerPosition / Megabyte));
    }

    private static int Positions(TimeSpan audio) =>
        (int)(Math.Clamp(audio.TotalSeconds + SilenceSeconds, MinSeconds, MaxSeconds) * PositionsPerSecond);
}
