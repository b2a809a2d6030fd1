using System.Diagnostics;
using System.Globalization;

namespace WhisperMesh.IntegrationTests.Running;

/// <summary>
/// Lets processes see a wall clock that is off, by libfaketime. A process that is killed leaves libfaketime's shared memory behind, named by
/// its id, and the next process with that id would not start: what nobody holds any more is removed before and after.
/// </summary>
internal sealed class WrongClocks : IDisposable
{
    private const string SharedMemory = "/dev/shm";

    private readonly string _library;

    private WrongClocks(string library) => _library = library;

    internal static async Task<WrongClocks> CreateAsync()
    {
        RemoveAbandoned();
        var info = new ProcessStartInfo("faketime", ["-f", "+0", "printenv", "LD_PRELOAD"]) { RedirectStandardOutput = true };
        using var faketime = Process.Start(info) ?? throw new InvalidOperationException("This test needs faketime on the PATH.");
        return new((await faketime.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
    }

    /// <summary>Variables by which a process sees its wall clock moved; its monotonic clock it sees as it is.</summary>
    /// <param name="offset">Such as <c>+1h</c>.</param>
    internal Dictionary<string, string> OffBy(string offset) =>
        new() { ["LD_PRELOAD"] = _library, ["FAKETIME"] = offset, ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1" };

    public void Dispose() => RemoveAbandoned();

    private static void RemoveAbandoned()
    {
        foreach (var path in Directory.EnumerateFiles(SharedMemory, "*faketime_*"))
        {
            var id = path[(path.LastIndexOf('_') + 1)..];
            if (int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _) && !Directory.Exists($"/proc/{id}"))
            {
                File.Delete(path);
            }
        }
    }
}
