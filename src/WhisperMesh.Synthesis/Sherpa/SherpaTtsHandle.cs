using System.Runtime.InteropServices;

namespace WhisperMesh.Synthesis.Sherpa;

/// <summary>Owns a SherpaOnnxOfflineTts.</summary>
internal sealed class SherpaTtsHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        SherpaNative.DestroyOfflineTts(handle);
        return true;
    }
}
