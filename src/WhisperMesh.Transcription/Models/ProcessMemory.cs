using System.Runtime.InteropServices;

namespace WhisperMesh.Transcription.Models;

/// <summary>Memory of this process.</summary>
internal static partial class ProcessMemory
{
    // M_ARENA_MAX of glibc's malloc.h.
    private const int ArenaMaximum = -8;

    // Two contend for a lock no more than eight did: the engine's large buffers come from pools of its own.
    private const int Arenas = 2;

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

    /// <summary>
    /// Lets all threads share two heaps of glibc's, which gives each thread one otherwise, up to eight per core: each keeps what was once
    /// freed in it, so that a stream of hours, served by ever other threads, grows them all. To be called before there are threads.
    /// </summary>
    /// <returns>Whether the C library took it; another than glibc does not know it.</returns>
    public static bool ShareArenas()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return SetMallocOption(ArenaMaximum, Arenas) == 1;
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint keptBytes);
}
