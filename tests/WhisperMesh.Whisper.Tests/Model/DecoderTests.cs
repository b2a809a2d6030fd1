using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Model;
using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Whisper.Tests.Model;

/// <summary>The rewritten graph and its kernels, on their own session.</summary>
public sealed class DecoderTests : IDisposable
{
    private const int Frames = 1000;
    private static readonly ModelDimensions Dimensions = new(6, 8, 64, 51865, 448);
    private static readonly int[] Prompt = [50258, 50259, 50359, 50363, 2221, 11, 264];

    private readonly RunOptions _run = new();
    private readonly AttentionPool _pool = new(Dimensions);
    private readonly Decoder _decoder = new(
        Path.Combine(Repository.WhisperBase, "decoder.onnx"), Dimensions, threads: 2, maxTokens: 128, maxLogits: 16);
    private readonly Encoder _encoder;
    private readonly float[] _mel = ModelFixture.Mel(Repository.Named("en-sorry").Samples(), Frames);

    public DecoderTests() =>
        _encoder = new Encoder(Path.Combine(Repository.WhisperBase, "encoder.onnx"), Dimensions, _pool, threads: 2);

    [Fact]
    public void Step_Prompt_AgreesWithTheGraphOfTheModelFolder()
    {
        using var original = new OriginalDecoder(_mel, Frames, Dimensions);
        var (logits, scores) = original.Read(Prompt);
        using var audio = _encoder.Encode(_mel, Frames, _run);
        using var row = new SelfMemory(_pool);
        var seen = new AlignmentScores(_decoder.AlignmentHeads, Prompt.Length, Frames / 2);

        var own = Read(audio, row, Prompt, seen);

        // An int8 rounding here and there; the graph itself gives as much between one kernel and the next.
        Deviation(own, logits).ShouldBeLessThan(0.5);
        Array.IndexOf(own, own.Max()).ShouldBe(Array.IndexOf(logits, logits.Max()));
        Deviation(seen.Values, scores).ShouldBeLessThan(0.06);
    }

    [Fact]
    public void Step_RowAmongOthers_IsTheSameToTheLastBit()
    {
        using var audio = _encoder.Encode(_mel, Frames, _run);
        using var longer = _encoder.Encode(ModelFixture.Mel(Repository.Named("it-vm-newuser").Samples(), 1400), 1400, _run);
        using var alone = new SelfMemory(_pool);
        var expected = Read(audio, alone, Prompt);
        List<SelfMemory> rows = [.. Enumerable.Range(0, 6).Select(_ => new SelfMemory(_pool))];

        _decoder.Plan.Clear();
        var at = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            var tokens = i == 3 ? Prompt : Prompt[..(2 + i)];
            _decoder.Plan.Add(i % 2 == 0 ? longer : audio, rows[i], tokens);
            var logits = _decoder.Plan.WantLogits(tokens.Length - 1);
            at = i == 3 ? logits : at;
        }
        _decoder.Step(_run);

        Logits(at).ShouldBe(expected);
        rows.ForEach(row => row.Dispose());
    }

    [Fact]
    public void Step_TokenByToken_IsTheSameAsAtOnce()
    {
        using var audio = _encoder.Encode(_mel, Frames, _run);
        using var once = new SelfMemory(_pool);
        using var slowly = new SelfMemory(_pool);
        // More than a page of past.
        int[] tokens = [.. Prompt, .. Enumerable.Range(300, 60)];

        var expected = Read(audio, once, tokens);
        float[] last = [];
        foreach (var token in tokens)
        {
            last = Read(audio, slowly, [token]);
        }

        last.ShouldBe(expected);
    }

    [Fact]
    public void Step_ForkedRow_GoesItsOwnWay()
    {
        using var audio = _encoder.Encode(_mel, Frames, _run);
        using var row = new SelfMemory(_pool);
        using var other = new SelfMemory(_pool);
        int[] past = [.. Prompt, .. Enumerable.Range(300, 40)];
        Read(audio, row, past);
        using var fork = row.Fork();

        Read(audio, row, [1000]);
        var forked = Read(audio, fork, [2000]);

        forked.ShouldBe(Read(audio, other, [.. past, 2000]));
    }

    [Fact]
    public void Step_ATokenARow_AllocatesNoBufferAStep()
    {
        using var audio = _encoder.Encode(_mel, Frames, _run);
        using var row = new SelfMemory(_pool);
        for (var i = 0; i < 5; i++)
        {
            Read(audio, row, [50258]);
        }
        const int Steps = 20;

        // The memory of a page of tokens, now and then, is native; its small object is not. What the runtime makes at first counts once.
        Enumerable.Range(0, 3).Min(_ => Allocated()).ShouldBeLessThan(Steps * 128);

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Steps; i++)
            {
                _decoder.Plan.Clear();
                _decoder.Plan.Add(audio, row, [300]);
                _decoder.Plan.WantLogits(0);
                _decoder.Step(_run);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Dispose_EveryHolder_GivesAllMemoryBack()
    {
        using (var audio = _encoder.Encode(_mel, Frames, _run))
        using (var row = new SelfMemory(_pool))
        {
            Read(audio, row, Prompt);
            using var fork = row.Fork();
            _pool.BytesInUse.ShouldBe(CrossMemory.ByteCount(Dimensions, Frames / 2) + 2L * SelfMemory.ByteCount(Dimensions));
        }

        _pool.BytesInUse.ShouldBe(0);
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
        _pool.Dispose();
        _run.Dispose();
    }

    private float[] Read(CrossMemory audio, SelfMemory row, int[] tokens, AlignmentScores? scores = null)
    {
        _decoder.Plan.Clear();
        _decoder.Plan.Add(audio, row, tokens, scores);
        var at = _decoder.Plan.WantLogits(tokens.Length - 1);
        _decoder.Step(_run);
        return Logits(at);
    }

    private float[] Logits(int row) => _decoder.Logits.AsSpan(row * Dimensions.Vocabulary, Dimensions.Vocabulary).ToArray();

    private static double Deviation(float[] one, float[] other) =>
        Math.Sqrt(one.Zip(other, (a, b) => (double)(a - b) * (a - b)).Average());
}
