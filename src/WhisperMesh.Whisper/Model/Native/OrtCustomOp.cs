using System.Runtime.InteropServices;

namespace WhisperMesh.Whisper.Model.Native;

/// <summary>
/// <c>struct OrtCustomOp</c> of <c>onnxruntime_c_api.h</c> up to version 13, beyond which ONNX Runtime reads only what a higher
/// <see cref="Version"/> promises. What follows in memory is ours.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OrtCustomOp
{
    public const uint LastVersion = 13;

    public uint Version;
    public delegate* unmanaged<OrtCustomOp*, nint, nint, void*> CreateKernel;
    public delegate* unmanaged<OrtCustomOp*, byte*> GetName;
    public delegate* unmanaged<OrtCustomOp*, byte*> GetExecutionProviderType;
    public delegate* unmanaged<OrtCustomOp*, nuint, int> GetInputType;
    public delegate* unmanaged<OrtCustomOp*, nuint> GetInputTypeCount;
    public delegate* unmanaged<OrtCustomOp*, nuint, int> GetOutputType;
    public delegate* unmanaged<OrtCustomOp*, nuint> GetOutputTypeCount;
    public delegate* unmanaged<void*, nint, void> KernelCompute;
    public delegate* unmanaged<void*, void> KernelDestroy;
    public delegate* unmanaged<OrtCustomOp*, nuint, int> GetInputCharacteristic;
    public delegate* unmanaged<OrtCustomOp*, nuint, int> GetOutputCharacteristic;
    public delegate* unmanaged<OrtCustomOp*, nuint, int> GetInputMemoryType;

    /// <summary>A GCHandle of the managed side; ONNX Runtime does not read so far.</summary>
    public nint Owner;

    /// <summary>What <see cref="GetName"/> gives.</summary>
    public byte* Name;
}
