using System.Runtime.InteropServices;

namespace WhisperMesh.Whisper.Model.Native;

/// <summary>
/// The functions of ONNX Runtime's C API that its .NET package does not hand on: those for operators of one's own. Places in the
/// table and signatures are those of <c>onnxruntime_c_api.h</c>, where places never change once released.
/// </summary>
internal static unsafe partial class KernelApi
{
    // Version 17 brought KernelContext_ParallelFor, the youngest function used.
    private const uint Version = 17;

    private static readonly void** Table = Load();

    public static void Check(nint status)
    {
        if (status == 0)
        {
            return;
        }
        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)Table[2])(status));
        ((delegate* unmanaged<nint, void>)Table[93])(status);
        throw new InvalidOperationException($"ONNX Runtime refuses: {message}");
    }

    public static nint CreateCustomOpDomain(byte* name)
    {
        nint domain;
        Check(((delegate* unmanaged<byte*, nint*, nint>)Table[26])(name, &domain));
        return domain;
    }

    public static void AddToDomain(nint domain, OrtCustomOp* op) =>
        Check(((delegate* unmanaged<nint, OrtCustomOp*, nint>)Table[27])(domain, op));

    public static void AddDomain(nint sessionOptions, nint domain) =>
        Check(((delegate* unmanaged<nint, nint, nint>)Table[28])(sessionOptions, domain));

    public static void ReleaseCustomOpDomain(nint domain) => ((delegate* unmanaged<nint, void>)Table[101])(domain);

    public static long GetIntegerAttribute(nint kernelInfo, byte* name)
    {
        long value;
        Check(((delegate* unmanaged<nint, byte*, long*, nint>)Table[86])(kernelInfo, name, &value));
        return value;
    }

    /// <summary>Elements of an input of the running kernel.</summary>
    public static float* Input(nint context, nuint index)
    {
        nint value;
        Check(((delegate* unmanaged<nint, nuint, nint*, nint>)Table[90])(context, index, &value));
        return Data(value);
    }

    /// <summary>Elements of an output of the running kernel, made with the sizes given.</summary>
    public static float* Output(nint context, nuint index, ReadOnlySpan<long> sizes)
    {
        nint value;
        fixed (long* dimensions = sizes)
        {
            Check(((delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint>)Table[91])(
                context, index, dimensions, (nuint)sizes.Length, &value));
        }
        return Data(value);
    }

    /// <summary>Calls <paramref name="function"/> with 0 to count − 1, on the session's threads.</summary>
    public static void ParallelFor(nint context, delegate* unmanaged<void*, nuint, void> function, int count, void* state) =>
        Check(((delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint>)Table[274])(
            context, function, (nuint)count, 0, state));

    private static float* Data(nint value)
    {
        void* data;
        Check(((delegate* unmanaged<nint, void**, nint>)Table[51])(value, &data));
        return (float*)data;
    }

    private static void** Load()
    {
        // OrtApiBase begins with GetApi.
        var getApi = (delegate* unmanaged<uint, void**>)*(void**)OrtGetApiBase();
        return getApi(Version) is var table && table != null
            ? table
            : throw new InvalidOperationException($"The ONNX Runtime library is older than version 1.{Version}.");
    }

    [LibraryImport("onnxruntime")]
    private static partial nint OrtGetApiBase();
}
