using System.Runtime.InteropServices;
using WhisperMesh.Transcription.Models;

namespace WhisperMesh.Transcription.Tests.Models;

public sealed class ProcessMemoryTests
{
    [Fact]
    public void ShareArenas_WhereGlibcIs_IsTaken()
    {
        var isGlibc = NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "gnu_get_libc_version", out _);

        ProcessMemory.ShareArenas().ShouldBe(isGlibc);
    }
}
