using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using WhisperMesh.Benchmarks.Kernels;

namespace WhisperMesh.Benchmarks.Steps;

/// <summary>A step of the graph as it lies in the model folder: all rows' keys and values side by side in one tensor a layer.</summary>
internal sealed class OriginalStep : IDisposable
{
    private static readonly string[] Halves = ["k", "v"];

    private readonly InferenceSession _session;
    private readonly StepShape _shape;
    private readonly RunOptions _run = new();
    private readonly Dictionary<string, OrtValue> _inputs = [];
    private readonly string[] _outputs = ["logits", .. Names("present")];

    public OriginalStep(InferenceSession session, StepShape shape)
    {
        (_session, _shape) = (session, shape);
        var rows = shape.Rows;
        _inputs["tokens"] = Integers([.. Enumerable.Repeat((long)StepShape.Token, rows)], rows, 1);
        _inputs["positions"] = Integers([.. Enumerable.Repeat((long)StepShape.Past, rows)], rows, 1);
        _inputs["logits_at"] = Integers(new long[rows], rows, 1);
        _inputs["mask"] = Floats(new float[rows * (StepShape.Past + 1)], rows, 1, 1, StepShape.Past + 1);
        _inputs["cross_mask"] = Floats(new float[rows * shape.Positions], rows, 1, 1, shape.Positions);
        AddTensors("cross", shape.Positions);
        AddTensors("past", StepShape.Past);
    }

    public void Run()
    {
        using var outputs = _session.Run(_run, _inputs, _outputs);
        var logits = outputs[0].GetTensorTypeAndShape();
        if (logits.ElementCount != (long)_shape.Rows * StepShape.Dimensions.Vocabulary)
        {
            throw new BenchmarkException($"The graph gives logits of [{string.Join(", ", logits.Shape)}].");
        }
    }

    /// <summary>What one more row takes: new tensors for all, into which those of the rows that are there are copied.</summary>
    public void Join(StepShape one)
    {
        Join("cross", one.Positions, one.Rows);
        Join("past", StepShape.Past, one.Rows);
    }

    public void Dispose()
    {
        foreach (var value in _inputs.Values)
        {
            value.Dispose();
        }
        _run.Dispose();
    }

    private void Join(string kind, int length, int more)
    {
        foreach (var name in Names(kind))
        {
            var present = _inputs[name].GetTensorDataAsSpan<float>();
            using var joined = OrtValue.CreateAllocatedTensorValue(
                OrtAllocator.DefaultInstance, TensorElementType.Float, Shape(_shape.Rows + more, length));
            var target = joined.GetTensorMutableDataAsSpan<float>();
            present.CopyTo(target);
            present[..(target.Length - present.Length)].CopyTo(target[present.Length..]);
        }
    }

    private static string[] Names(string kind) =>
        [.. Enumerable.Range(0, StepShape.Dimensions.Layers).SelectMany(layer => Halves.Select(half => $"{kind}_{half}.{layer}"))];

    private static long[] Shape(int rows, int length) => [rows, StepShape.Dimensions.Heads, length, StepShape.Dimensions.HeadSize];

    private static OrtValue Integers(long[] values, params long[] shape) => OrtValue.CreateTensorValueFromMemory(values, shape);

    private static OrtValue Floats(float[] values, params long[] shape) => OrtValue.CreateTensorValueFromMemory(values, shape);

    private void AddTensors(string kind, int length)
    {
        var shape = Shape(_shape.Rows, length);
        foreach (var name in Names(kind))
        {
            _inputs[name] = Floats(Numbers.Even((int)shape.Aggregate((product, side) => product * side)), shape);
        }
    }
}
