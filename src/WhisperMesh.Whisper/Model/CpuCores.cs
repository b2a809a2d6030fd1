using System.Globalization;

namespace WhisperMesh.Whisper.Model;

/// <summary>Physical cores this process may use: two threads of one core only get in each other's way in matrix kernels.</summary>
internal static class CpuCores
{
    public static int Physical()
    {
        const string Root = "/sys/devices/system/cpu";
        var cores = new HashSet<string>();
        for (var cpu = 0; Directory.Exists($"{Root}/cpu{cpu.ToString(CultureInfo.InvariantCulture)}"); cpu++)
        {
            var siblings = $"{Root}/cpu{cpu.ToString(CultureInfo.InvariantCulture)}/topology/thread_siblings_list";
            cores.Add(File.Exists(siblings) ? File.ReadAllText(siblings).Trim() : cpu.ToString(CultureInfo.InvariantCulture));
        }
        return cores.Count == 0 ? Environment.ProcessorCount : Math.Min(cores.Count, Environment.ProcessorCount);
    }
}
