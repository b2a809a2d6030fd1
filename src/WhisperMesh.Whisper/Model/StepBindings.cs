using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Whisper.Model;

/// <summary>
/// Binds the plan's memory to the session's inputs and outputs. Bindings for steps that read a token a row are made once for each
/// number of rows, so that such a step allocates nothing.
/// </summary>
internal sealed class StepBindings(InferenceSession session, StepPlan plan, float[] logits, int vocabulary) : IDisposable
{
    private readonly Dictionary<int, Binding> _byRows = [];

    public void Run(RunOptions run)
    {
        if (plan.TokenCount != plan.LogitCount)
        {
            using var once = new Binding(session, plan, logits, vocabulary);
            session.RunWithBinding(run, once.Value);
            return;
        }
        if (!_byRows.TryGetValue(plan.TokenCount, out var binding))
        {
            _byRows[plan.TokenCount] = binding = new Binding(session, plan, logits, vocabulary);
        }
        session.RunWithBinding(run, binding.Value);
    }

    public void Dispose()
    {
        foreach (var binding in _byRows.Values)
        {
            binding.Dispose();
        }
        _byRows.Clear();
    }

    private sealed class Binding : IDisposable
    {
        private readonly List<OrtValue> _values = [];

        public Binding(InferenceSession session, StepPlan plan, float[] logits, int vocabulary)
        {
            Value = session.CreateIoBinding();
            long[] tokens = [1, plan.TokenCount];
            Value.BindInput("tokens", Tensor(plan.Tokens.AsMemory(0, plan.TokenCount), tokens));
            Value.BindInput("positions", Tensor(plan.Positions.AsMemory(0, plan.TokenCount), tokens));
            Value.BindInput("logits_at", Tensor(plan.LogitsAt.AsMemory(0, plan.LogitCount), [1, plan.LogitCount]));
            Value.BindOutput(
                "logits", Tensor(logits.AsMemory(0, plan.LogitCount * vocabulary), [1, plan.LogitCount, vocabulary]));
        }

        public OrtIoBinding Value { get; }

        public void Dispose()
        {
            Value.Dispose();
            _values.ForEach(value => value.Dispose());
        }

        private OrtValue Tensor<T>(Memory<T> memory, long[] shape)
            where T : unmanaged
        {
            var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape);
            _values.Add(value);
            return value;
        }
    }
}
