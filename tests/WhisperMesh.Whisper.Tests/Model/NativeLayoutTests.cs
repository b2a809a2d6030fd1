using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Model.Native;

namespace WhisperMesh.Whisper.Tests.Model;

/// <summary>Holds our view of the C API against the table that the pinned package itself goes by.</summary>
public sealed class NativeLayoutTests
{
    [Theory]
    [InlineData("GetErrorMessage", 2)]
    [InlineData("CreateCustomOpDomain", 26)]
    [InlineData("CustomOpDomain_Add", 27)]
    [InlineData("AddCustomOpDomain", 28)]
    [InlineData("GetTensorMutableData", 51)]
    [InlineData("KernelInfoGetAttribute_int64", 86)]
    [InlineData("KernelContext_GetInput", 90)]
    [InlineData("KernelContext_GetOutput", 91)]
    [InlineData("ReleaseStatus", 93)]
    [InlineData("ReleaseCustomOpDomain", 101)]
    [InlineData("KernelContext_ParallelFor", 274)]
    public void KernelApi_Function_IsAtItsPlaceInTheTable(string name, int place)
    {
        var table = typeof(InferenceSession).Assembly.GetType("Microsoft.ML.OnnxRuntime.OrtApi", throwOnError: true)!;
        var fields = table.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

        fields[place].Name.ShouldBe(name);
    }

    [Fact]
    public void OrtCustomOp_IsAsLongAsTheHeaderSays() =>
        // A version, padded, and twelve functions, as of version 13; then our own two words.
        Unsafe.SizeOf<OrtCustomOp>().ShouldBe((1 + 12 + 2) * 8);
}
