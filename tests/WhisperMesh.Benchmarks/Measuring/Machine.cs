using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace WhisperMesh.Benchmarks.Measuring;

/// <summary>What the figures were measured on.</summary>
internal sealed record Machine(
    string Cpu, int Cores, double MemoryGigabytes, string Os, string Runtime, string OnnxRuntime, string? Commit, string? LoadAverage)
{
    public static Machine Read() => new(
        CpuModel(),
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024), 1),
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
        RuntimeInformation.FrameworkDescription,
        OrtEnv.Instance().GetVersionString(),
        FindCommit(),
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Trim() : null);

    private static string CpuModel()
    {
        const string Path = "/proc/cpuinfo";
        var line = File.Exists(Path)
            ? File.ReadLines(Path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "unknown";
    }

    /// <summary>The commit that the program's folder belongs to, with a plus sign when files differ from it.</summary>
    private static string? FindCommit()
    {
        var commit = Git("rev-parse", "HEAD");
        return commit is null or "" ? null : commit + (Git("status", "--porcelain", "--untracked-files=no") is "" ? "" : "+");
    }

    private static string? Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        try
        {
            using var git = Process.Start(start)!;
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
