using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Model.Native;

namespace WhisperMesh.Whisper.Model;

/// <summary>
/// The two operators that <see cref="Graph.DecoderGraph"/> puts in place of attention. They read the step they work for from the
/// decoder that owns them, so a session with them runs one step at a time.
/// </summary>
internal sealed unsafe class AttentionOps : IDisposable
{
    public const string Domain = "whispermesh";
    public const string Self = "SelfAttention";
    public const string Cross = "CrossAttention";
    public const string LayerAttribute = "layer";

    private const int FloatElements = 1;
    private const int RequiredValue = 0;
    private const int DefaultMemory = 0;

    private readonly List<nint> _allocations = [];
    private readonly GCHandle _self;
    private readonly nint _domain;

    public AttentionOps(ModelDimensions dimensions)
    {
        Dimensions = dimensions;
        _self = GCHandle.Alloc(this);
        _domain = KernelApi.CreateCustomOpDomain(Text(Domain));
        KernelApi.AddToDomain(_domain, Describe(Self));
        KernelApi.AddToDomain(_domain, Describe(Cross));
    }

    public ModelDimensions Dimensions { get; }

    /// <summary>What the running step is about; set before the session runs.</summary>
    public StepPlan? Plan { get; set; }

    /// <summary>What went wrong in a kernel: an exception can't pass through native code.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Makes the operators known to a session that is opened with these options; this must outlive the session.</summary>
    public void AddTo(SessionOptions options) => KernelApi.AddDomain(options.DangerousGetHandle(), _domain);

    public void Dispose()
    {
        KernelApi.ReleaseCustomOpDomain(_domain);
        _allocations.ForEach(static allocation => NativeMemory.Free((void*)allocation));
        _allocations.Clear();
        _self.Free();
    }

    private byte* Text(string text)
    {
        var bytes = (byte*)NativeMemory.AllocZeroed((nuint)text.Length + 1);
        System.Text.Encoding.ASCII.GetBytes(text, new Span<byte>(bytes, text.Length));
        _allocations.Add((nint)bytes);
        return bytes;
    }

    private OrtCustomOp* Describe(string name)
    {
        var op = (OrtCustomOp*)NativeMemory.AllocZeroed((nuint)sizeof(OrtCustomOp));
        _allocations.Add((nint)op);
        *op = new OrtCustomOp
        {
            Version = OrtCustomOp.LastVersion,
            CreateKernel = &CreateKernel,
            GetName = &GetName,
            GetExecutionProviderType = &GetProvider,
            GetInputType = &GetElementType,
            GetInputTypeCount = &GetCount,
            GetOutputType = &GetElementType,
            GetOutputTypeCount = &GetCount,
            KernelCompute = &Compute,
            KernelDestroy = &Destroy,
            GetInputCharacteristic = &GetCharacteristic,
            GetOutputCharacteristic = &GetCharacteristic,
            GetInputMemoryType = &GetMemoryType,
            Owner = GCHandle.ToIntPtr(_self),
            Name = Text(name),
        };
        return op;
    }

    [UnmanagedCallersOnly]
    private static void* CreateKernel(OrtCustomOp* op, nint api, nint info)
    {
        var owner = (AttentionOps)GCHandle.FromIntPtr(op->Owner).Target!;
        fixed (byte* attribute = "layer\0"u8)
        {
            var layer = (int)KernelApi.GetIntegerAttribute(info, attribute);
            AttentionKernel kernel = Marshal.PtrToStringUTF8((nint)op->Name) == Self
                ? new SelfAttentionKernel(owner, layer)
                : new CrossAttentionKernel(owner, layer);
            return (void*)kernel.Handle;
        }
    }

    [UnmanagedCallersOnly]
    private static byte* GetName(OrtCustomOp* op) => op->Name;

    [UnmanagedCallersOnly]
    private static byte* GetProvider(OrtCustomOp* op) => null;

    [UnmanagedCallersOnly]
    private static int GetElementType(OrtCustomOp* op, nuint index) => FloatElements;

    [UnmanagedCallersOnly]
    private static nuint GetCount(OrtCustomOp* op) => 1;

    [UnmanagedCallersOnly]
    private static int GetCharacteristic(OrtCustomOp* op, nuint index) => RequiredValue;

    [UnmanagedCallersOnly]
    private static int GetMemoryType(OrtCustomOp* op, nuint index) => DefaultMemory;

    [UnmanagedCallersOnly]
    private static void Compute(void* kernel, nint context) =>
        Unsafe.As<AttentionKernel>(GCHandle.FromIntPtr((nint)kernel).Target)!.Compute(context);

    [UnmanagedCallersOnly]
    private static void Destroy(void* kernel) => GCHandle.FromIntPtr((nint)kernel).Free();
}
