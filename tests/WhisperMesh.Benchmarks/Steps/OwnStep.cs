using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Benchmarks.Kernels;
using WhisperMesh.Whisper.Model;
using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Benchmarks.Steps;

/// <summary>A step of our decoder: each row finds its own window and past where they lie.</summary>
internal sealed class OwnStep : IDisposable
{
    private readonly Decoder _decoder;
    private readonly AttentionPool _pool;
    private readonly int _positions;
    private readonly RunOptions _run = new();
    private readonly List<CrossMemory> _windows = [];
    private readonly List<SelfMemory> _pasts = [];

    public OwnStep(Decoder decoder, AttentionPool pool, StepShape shape)
    {
        (_decoder, _pool, _positions) = (decoder, pool, shape.Positions);
        for (var row = 0; row < shape.Rows; row++)
        {
            AddRow();
        }
    }

    /// <summary>Plans and runs a step, after which the rows are as before.</summary>
    public void Run()
    {
        Plan();
        _decoder.Step(_run);
        _pasts.ForEach(static past => past.Advance(-1));
    }

    /// <summary>What a step takes besides running; with one row more, what joining takes.</summary>
    public void Plan()
    {
        _decoder.Plan.Clear();
        for (var row = 0; row < _windows.Count; row++)
        {
            _decoder.Plan.Add(_windows[row], _pasts[row], [StepShape.Token]);
            _decoder.Plan.WantLogits(0);
        }
    }

    public void Dispose()
    {
        _decoder.Plan.Clear();
        _windows.ForEach(static window => window.Dispose());
        _pasts.ForEach(static past => past.Dispose());
        _run.Dispose();
    }

    private void AddRow()
    {
        _windows.Add(Window());
        _pasts.Add(new SelfMemory(_pool));
        _decoder.Plan.Clear();
        _decoder.Plan.Add(_windows[^1], _pasts[^1], [.. Enumerable.Repeat(StepShape.Token, StepShape.Past)]);
        _decoder.Plan.WantLogits(StepShape.Past - 1);
        _decoder.Step(_run);
    }

    private unsafe CrossMemory Window()
    {
        var window = new CrossMemory(_pool, _positions);
        fixed (float* numbers = Numbers.Even(_positions * StepShape.Dimensions.HeadSize))
        {
            for (var layer = 0; layer < StepShape.Dimensions.Layers; layer++)
            {
                for (var head = 0; head < StepShape.Dimensions.Heads; head++)
                {
                    window.Fill(layer, head, numbers, numbers);
                }
            }
        }
        return window;
    }
}
