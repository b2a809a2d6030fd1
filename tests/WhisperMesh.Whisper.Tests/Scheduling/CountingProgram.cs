using System.Numerics.Tensors;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Scheduling;

namespace WhisperMesh.Whisper.Tests.Scheduling;

/// <summary>
/// Takes the best token a number of times. With several rows the first reads on as it should, and the others part from it at every
/// step with a token of their own, so that memories are forked and dropped all the time.
/// </summary>
internal sealed class CountingProgram(int[] prompt, int steps, int rows = 1) : RowProgram
{
    private readonly List<int> _tokens = [];

    public override int MaxRows => rows;

    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>What a window must give.</summary>
    public static List<int> Expected(int window, int[] prompt, int steps)
    {
        var tokens = new List<int>();
        for (var i = 0; i < steps; i++)
        {
            tokens.Add(FakeNetwork.NextToken(window, prompt.Concat(tokens)));
        }
        return tokens;
    }

    public override Reading Begin(CrossMemory audio) => new(prompt, [prompt.Length - 1]);

    public override Reading? Advance(LogitRows logits, List<RowStep> next)
    {
        _tokens.Add(TensorPrimitives.IndexOfMax<float>(logits[0]));
        if (_tokens.Count < steps)
        {
            next.Add(new RowStep(0, _tokens[^1]));
            for (var row = 1; row < rows; row++)
            {
                next.Add(new RowStep((row - 1) % logits.Count, row));
            }
        }
        return null;
    }
}
