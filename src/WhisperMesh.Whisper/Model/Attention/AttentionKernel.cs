using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WhisperMesh.Whisper.Model.Native;

namespace WhisperMesh.Whisper.Model.Attention;

/// <summary>
/// Attention of one layer over a step's rows. Each row and head is a piece of work of its own, done in the same order of sums
/// whatever the other rows are: a row's result does not depend on its neighbours, to the last bit.
/// </summary>
internal abstract unsafe class AttentionKernel
{
    private readonly AttentionOps _owner;
    private readonly GCHandle _handle;

    protected AttentionKernel(AttentionOps owner, int layer)
    {
        (_owner, Layer) = (owner, layer);
        _handle = GCHandle.Alloc(this);
    }

    /// <summary>What native code knows the kernel by; freed by <see cref="AttentionOps"/> when the session closes.</summary>
    public nint Handle => GCHandle.ToIntPtr(_handle);

    protected int Layer { get; }

    protected ModelDimensions Dimensions => _owner.Dimensions;

    /// <summary>Runs as a node of the graph: input [1, tokens, …], output [1, tokens, width of the model].</summary>
    public void Compute(nint context)
    {
        try
        {
            var plan = _owner.Plan ?? throw new InvalidOperationException("A step runs without a plan.");
            var width = Dimensions.Heads * Dimensions.HeadSize;
            var call = new Call
            {
                Kernel = Handle,
                Input = KernelApi.Input(context, 0),
                Output = KernelApi.Output(context, 0, [1, plan.TokenCount, width]),
            };
            KernelApi.ParallelFor(context, &Work, plan.Rows.Count * Dimensions.Heads, &call);
        }
        catch (Exception exception)
        {
            _owner.Failure = exception;
        }
    }

    /// <summary>Attention of one head for the tokens of one row.</summary>
    protected abstract void Attend(PlannedRow row, int head, float* input, float* output);

    [UnmanagedCallersOnly]
    private static void Work(void* state, nuint index)
    {
        var call = (Call*)state;
        var kernel = Unsafe.As<AttentionKernel>(GCHandle.FromIntPtr(call->Kernel).Target)!;
        kernel.Attend((int)index, call->Input, call->Output);
    }

    private void Attend(int index, float* input, float* output)
    {
        try
        {
            // Heads outside, rows inside: threads, which get equal runs of the index, get equal work whatever the rows' lengths.
            var rows = _owner.Plan!.Rows;
            Attend(rows[index % rows.Count], index / rows.Count, input, output);
        }
        catch (Exception exception)
        {
            _owner.Failure = exception;
        }
    }

    private struct Call
    {
        public nint Kernel;
        public float* Input;
        public float* Output;
    }
}
