using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WhisperMesh.Audio;

/// <summary>
/// Keeps ONNX Runtime to itself. Its official builds send usage data to Microsoft unless told not to before they start
/// (Privacy.md in the package); a mesh that keeps speech on the machine says nothing to anyone.
/// </summary>
public static partial class OnnxTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";
    private const string Yes = "1";

    /// <summary>Turns it off for this process. To be called before anything else of ONNX Runtime; more calls do no harm.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "No path of code may reach ONNX Runtime before this has run.")]
    public static void TurnOff()
    {
        Environment.SetEnvironmentVariable(Variable, Yes);
        if (!OperatingSystem.IsWindows() && SetEnvironment(Variable, Yes, overwrite: 1) != 0)
        {
            throw new InvalidOperationException($"ONNX Runtime's telemetry could not be turned off: set {Variable}={Yes} before the start.");
        }
    }

    // .NET keeps the environment in a copy of its own on Unix; native code sees only what the C library is told.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
