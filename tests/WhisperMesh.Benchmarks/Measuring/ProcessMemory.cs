using System.Globalization;

namespace WhisperMesh.Benchmarks.Measuring;

/// <summary>This process's resident memory, as Linux counts it; NaN where it can't be read.</summary>
internal static class ProcessMemory
{
    private const string Status = "/proc/self/status";
    private const string ClearReferences = "/proc/self/clear_refs";

    /// <summary>Most memory held since the start, or since <see cref="ResetPeak"/>.</summary>
    public static double PeakMegabytes => Read("VmHWM:");

    public static double NowMegabytes => Read("VmRSS:");

    /// <summary>Lets the peak start again from what is held now. False where the system won't.</summary>
    public static bool ResetPeak()
    {
        try
        {
            File.WriteAllText(ClearReferences, "5");
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static double Read(string field)
    {
        if (!File.Exists(Status))
        {
            return double.NaN;
        }
        var line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
        return line is null
            ? double.NaN
            : double.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
