using System.Globalization;

namespace WhisperMesh.Benchmarks.Measuring;

/// <summary>Processor time that other guests of the host took from this machine since the object was made.</summary>
internal sealed class CpuSteal
{
    private const int StealColumn = 8;

    private readonly (double Stolen, double All) _start = Read();

    /// <summary>As a share of all processor time, 0 to 1; NaN where the system doesn't tell.</summary>
    public double Share
    {
        get
        {
            var (stolen, all) = Read();
            return (stolen - _start.Stolen) / (all - _start.All);
        }
    }

    private static (double Stolen, double All) Read()
    {
        const string Path = "/proc/stat";
        if (!File.Exists(Path))
        {
            return (double.NaN, double.NaN);
        }
        double[] ticks =
        [
            .. File.ReadLines(Path).First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..(StealColumn + 1)]
                .Select(text => double.Parse(text, CultureInfo.InvariantCulture)),
        ];
        return (ticks[^1], ticks.Sum());
    }
}
