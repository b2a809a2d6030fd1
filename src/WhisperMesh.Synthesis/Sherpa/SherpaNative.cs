using System.Runtime.InteropServices;

namespace WhisperMesh.Synthesis.Sherpa;

/// <summary>The functions of sherpa-onnx's C API that speech needs.</summary>
internal static unsafe partial class SherpaNative
{
    static SherpaNative() => NativeLibrary.SetDllImportResolver(typeof(SherpaNative).Assembly, SherpaLibrary.Resolve);

    [LibraryImport(SherpaLibrary.Name, EntryPoint = "SherpaOnnxCreateOfflineTts")]
    public static partial SherpaTtsHandle CreateOfflineTts(in SherpaTtsConfig config);

    [LibraryImport(SherpaLibrary.Name, EntryPoint = "SherpaOnnxDestroyOfflineTts")]
    public static partial void DestroyOfflineTts(nint tts);

    [LibraryImport(SherpaLibrary.Name, EntryPoint = "SherpaOnnxOfflineTtsSampleRate")]
    public static partial int OfflineTtsSampleRate(SherpaTtsHandle tts);

    /// <returns>The whole audio, to be destroyed, or null when there is none.</returns>
    [LibraryImport(SherpaLibrary.Name, EntryPoint = "SherpaOnnxOfflineTtsGenerateWithConfig", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OfflineTtsGenerateWithConfig(
        SherpaTtsHandle tts,
        string text,
        in SherpaGenerationConfig config,
        delegate* unmanaged[Cdecl]<float*, int, float, nint, int> callback,
        nint argument);

    [LibraryImport(SherpaLibrary.Name, EntryPoint = "SherpaOnnxDestroyOfflineTtsGeneratedAudio")]
    public static partial void DestroyOfflineTtsGeneratedAudio(nint audio);

    [LibraryImport(SherpaLibrary.Name, EntryPoint = "SherpaOnnxGetVersionStr")]
    private static partial nint GetVersionStr();

    public static string Version => Marshal.PtrToStringUTF8(GetVersionStr()) ?? "";
}
