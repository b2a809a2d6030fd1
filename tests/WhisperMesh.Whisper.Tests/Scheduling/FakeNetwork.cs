using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Model;
using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Whisper.Tests.Scheduling;

/// <summary>
/// Arithmetic in place of a model: the best token after a row's past is (the sum of all its tokens + the window's number) modulo the
/// vocabulary. The past lies in the row's real memory, so that a row with the wrong memory gives wrong tokens.
/// </summary>
internal sealed unsafe class FakeNetwork : ISpeechNetwork
{
    public const int Words = 32;
    private readonly float[] _logits = new float[64 * Words];

    /// <summary>What has been run, in order: "encode 3" or "step 1,2", by the windows' numbers.</summary>
    public ConcurrentQueue<string> Runs { get; } = new();

    /// <summary>Called before each run, with its name.</summary>
    public Action<string>? BeforeRun { get; set; }

    /// <summary>The options of the last run of the encoder.</summary>
    public RunOptions? EncodingRun { get; private set; }

    public AttentionPool Pool { get; } = new(new ModelDimensions(1, 1, 64, Words, 448));

    public StepPlan Plan { get; } = new(256, 64);

    public int Vocabulary => Words;

    public Span<float> Logits => _logits;

    public static int NextToken(int window, IEnumerable<int> past) => (past.Sum() + window) % Words;

    public CrossMemory Encode(Memory<float> mel, int frames, RunOptions run)
    {
        var window = (int)mel.Span[0];
        EncodingRun = run;
        Record($"encode {window}");
        if (run.Terminate)
        {
            // As a terminated run ends; the exception has no constructor of its own to call.
            using var refused = new InferenceSession([1]);
        }
        var audio = new CrossMemory(Pool, frames / 2);
        *(int*)audio.Keys(0, 0) = window;
        return audio;
    }

    public void Step(RunOptions run)
    {
        Record($"step {string.Join(',', Plan.Rows.Select(row => *(int*)row.Audio.Keys(0, 0)).Distinct())}");
        var logit = 0;
        Array.Fill(_logits, -1);
        foreach (var row in Plan.Rows)
        {
            for (var i = 0; i < row.Count; i++)
            {
                var place = row.Past.Length + i;
                row.Past.Keys(place / SelfMemory.PageTokens, 0, 0)[place % SelfMemory.PageTokens] = Plan.Tokens[row.First + i];
                if (logit < Plan.LogitCount && Plan.LogitsAt[logit] == row.First + i)
                {
                    var past = Enumerable.Range(0, place + 1).Select(at => TokenAt(row.Past, at));
                    _logits[logit++ * Words + NextToken(*(int*)row.Audio.Keys(0, 0), past)] = 1;
                }
            }
        }
        Plan.Advance();
    }

    public void Dispose() => Pool.Dispose();

    private static int TokenAt(SelfMemory past, int place) =>
        (int)past.Keys(place / SelfMemory.PageTokens, 0, 0)[place % SelfMemory.PageTokens];

    private void Record(string run)
    {
        BeforeRun?.Invoke(run);
        Runs.Enqueue(run);
    }
}
