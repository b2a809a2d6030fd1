using System.Runtime.InteropServices;

namespace WhisperMesh.Audio.Tests;

public sealed partial class OnnxTelemetryTests
{
    [Fact]
    public void TurnOff_AudioLibraryLoaded_NativeCodeSeesTheVariable()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has one environment for managed and native code.");
        using var vad = new SileroVad(AudioFixtures.VadPath);

        Marshal.PtrToStringUTF8(GetEnvironment("ORT_DISABLE_TELEMETRY")).ShouldBe("1");
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetEnvironment(string name);
}
