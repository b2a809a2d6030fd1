using System.Runtime.InteropServices;

namespace WhisperMesh.Transcription.Models;

/// <summary>Memory of this process.</summary>
internal static partial class ProcessMemory
{
    /// <summary>Bytes that are in RAM.</summary>
    public static long Resident => Environment.WorkingSet;

    /// <summary>
    /// Gives freed native memory back to the system. glibc keeps it otherwise: loading and unloading whisper-base four times left
    /// 450 MB resident, with this 175 MB, for 12 to 18 ms a time.
    /// </summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, such as musl, which gives memory back by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint keptBytes);
}
