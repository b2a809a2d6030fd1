using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Whisper.Model;
using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Benchmarks.Steps;

/// <summary>The decoder of the model folder, as it lies there and as we run it, with the same settings.</summary>
internal sealed class StepPair : IDisposable
{
    // The prompts of rows go through the same plan.
    private const int MaxTokens = 32;
    private const int WarmUps = 5;

    private readonly AttentionPool _pool = new(StepShape.Dimensions);
    private readonly InferenceSession _original;
    private readonly Decoder _own;

    public StepPair(int threads)
    {
        var path = Path.Combine(Recordings.FindModels(), "whisper-base", "decoder.onnx");
        _original = GraphSession.Open(path, threads, ["cross_mask"], ["logits"]);
        _own = new Decoder(path, StepShape.Dimensions, threads, MaxTokens, MaxTokens);
    }

    /// <summary>Milliseconds of steps of both, in turns.</summary>
    public StepTimes Steps(StepShape shape, int rounds, CancellationToken cancellationToken)
    {
        using var original = new OriginalStep(_original, shape);
        using var own = new OwnStep(_own, _pool, shape);
        return Measure(original.Run, own.Run, rounds, cancellationToken);
    }

    /// <summary>Milliseconds it takes to get a row more into a step; ours is the plan of all of its rows.</summary>
    public StepTimes Joins(StepShape shape, int rounds, CancellationToken cancellationToken)
    {
        using var original = new OriginalStep(_original, shape);
        using var own = new OwnStep(_own, _pool, shape with { Rows = shape.Rows + 1 });
        return Measure(() => original.Join(shape with { Rows = 1 }), own.Plan, rounds, cancellationToken);
    }

    public void Dispose()
    {
        _own.Dispose();
        _original.Dispose();
        _pool.Dispose();
    }

    private static StepTimes Measure(Action original, Action own, int rounds, CancellationToken cancellationToken)
    {
        var times = new StepTimes([], []);
        for (var round = -WarmUps; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (one, other) = (Time(original), Time(own));
            if (round >= 0)
            {
                times.Original.Add(one);
                times.Own.Add(other);
            }
        }
        return times;
    }

    private static double Time(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}

/// <summary>Milliseconds, round by round.</summary>
internal sealed record StepTimes(List<double> Original, List<double> Own);
