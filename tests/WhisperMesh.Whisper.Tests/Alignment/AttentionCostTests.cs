using WhisperMesh.Whisper.Alignment;

namespace WhisperMesh.Whisper.Tests.Alignment;

public sealed class AttentionCostTests
{
    [Fact]
    public void Compute_HeadsThatLookAtBlocks_LetsWarpingFindTheBlocks()
    {
        const int Heads = 2, Tokens = 4, Positions = 60, Heard = 48, Block = Heard / Tokens;
        var scores = new float[Heads * Tokens * Positions];
        for (var row = 0; row < Heads * Tokens; row++)
        {
            scores.AsSpan(row * Positions + row % Tokens * Block, Block).Fill(4);
            // What lies behind the audio must not count.
            scores.AsSpan(row * Positions + Heard, Positions - Heard).Fill(50);
        }

        var cost = AttentionCost.Compute(scores, Heads, Tokens, Positions, Heard);

        TimeWarping.FirstColumns(cost, Tokens, Heard).ShouldBe([0, Block, 2 * Block, 3 * Block]);
    }
}
