using System.Text.Json;
using BenchmarkDotNet.Attributes;
using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Benchmarks.Kernels;

/// <summary>What each row of a step costs besides the model: 51 865 logits to be judged.</summary>
public class VocabularyKernel
{
    private const int Vocabulary = 51_865;

    // Half a minute.
    private const int Positions = 1_500;

    private readonly float[] _logits = Numbers.Even(Vocabulary);
    private TokenFilter _plain = null!;
    private TokenFilter _timed = null!;
    private int[] _words = [];
    private int[] _timedWords = [];

    [GlobalSetup]
    public void Setup()
    {
        var path = Path.Combine(Recordings.FindModels(), "whisper-base", "generation_config.json");
        using var config = JsonDocument.Parse(File.ReadAllBytes(path));
        var control = ControlTokens.Read(config.RootElement);
        var task = new DecodingTask([], 0, Positions, 200);
        _timed = new TokenFilter(task, control);
        _plain = new TokenFilter(task with { Timestamps = false }, control);
        _words = [.. Enumerable.Range(1_000, 20)];
        _timedWords = [control.FirstTimestamp, .. _words];
    }

    [Benchmark]
    public float LogSumExp() => Logits.LogSumExp(_logits);

    /// <summary>The rules of the text, the likeliest token, and its probability.</summary>
    [Benchmark]
    public float Greedy() => Best(_plain, _words);

    /// <summary>The same with the rules of timestamps.</summary>
    [Benchmark]
    public float GreedyWithTimestamps() => Best(_timed, _timedWords);

    private float Best(TokenFilter filter, int[] tokens)
    {
        var allowed = filter.Read(_logits, tokens);
        return allowed.LogProbability(allowed.Best);
    }
}
