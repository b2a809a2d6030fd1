namespace Aspire.Dashboard.Charts;

/// <summary>A value at the end of a slot of time.</summary>
internal readonly record struct ChartPoint(long Slot, double Value);

/// <summary>A line of a chart.</summary>
/// <param name="Label">What it shows.</param>
/// <param name="Color">One of eight.</param>
/// <param name="Points">In order of time; where there is none, nothing is known.</param>
internal sealed record ChartLine(string Label, int Color, IReadOnlyList<ChartPoint> Points);

/// <summary>A measurement that a trace was running for.</summary>
internal readonly record struct ChartMark(double Slot, double Value, string TraceId, string SpanId);

/// <summary>Lines over a window of time.</summary>
internal sealed record Chart(string Title, string Unit, long FromSlot, long ToSlot, IReadOnlyList<ChartLine> Lines)
{
    public IReadOnlyList<ChartMark> Marks { get; init; } = [];

    /// <summary>Lines that were left out, since nobody could tell so many apart.</summary>
    public int OmittedLines { get; init; }
}
