using System.Reflection;
using System.Runtime.InteropServices;

namespace WhisperMesh.Synthesis.Sherpa;

/// <summary>Loads sherpa-onnx from <c>natives/</c> beside the program, where the build lays it.</summary>
internal static class SherpaLibrary
{
    public const string Name = "sherpa-onnx-c-api";
    public const string Folder = "natives";

    // In order: sherpa-onnx asks for ONNX Runtime by its bare name and gets the one already loaded, not one of the system's
    // (Windows has its own onnxruntime.dll, of another version).
    private static readonly string[] Libraries = ["onnxruntime", Name];

    private static readonly Lazy<nint> Handle = new(Load);

    /// <summary>Paths of the libraries that this machine needs, in the order in which they are loaded.</summary>
    public static IReadOnlyList<string> Files =>
        [.. Libraries.Select(name => Path.Combine(AppContext.BaseDirectory, Folder, FileName(name)))];

    public static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath) =>
        libraryName == Name ? Handle.Value : 0;

    private static nint Load() => Files.Select(NativeLibrary.Load).Last();

    private static string FileName(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";
}
