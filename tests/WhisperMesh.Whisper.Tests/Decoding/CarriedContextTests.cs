using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class CarriedContextTests
{
    private readonly CarriedContext _context = new(new QualityJudge(new DecodingThresholds()));

    [Fact]
    public void Add_GoodTexts_KeepsTheirTokensInOrder()
    {
        _context.Add(Text([31, 1, 2, 40]));
        _context.Add(Text([31, 4, 40], temperature: 0.4f));

        _context.Tokens.ToArray().ShouldBe([31, 1, 2, 40, 31, 4, 40]);
    }

    [Fact]
    public void Add_TextThatCannotBeTrusted_StartsAnew()
    {
        foreach (var bad in new[] { Text([9], temperature: 0.6f), Text([9], logProbability: -1.1f), Text([9], ratio: 3), Text([9], ended: false) })
        {
            _context.Add(Text([1]));
            _context.Add(bad);
            _context.Tokens.IsEmpty.ShouldBeTrue();
        }
    }

    [Fact]
    public void Add_Silence_ChangesNothing()
    {
        _context.Add(Text([1]));
        _context.Add(Text([9], logProbability: -1.1f, noSpeech: 0.9f));

        _context.Tokens.ToArray().ShouldBe([1]);
    }

    [Fact]
    public void Add_MuchText_KeepsWhatAPromptHolds()
    {
        _context.Add(Text([.. Enumerable.Range(0, 500).Select(i => i % 20)]));

        _context.Tokens.Length.ShouldBe(PromptBuilder.MaxPrevious);
        _context.Tokens[^1].ShouldBe(19);
    }

    private static RecognizedText Text(
        int[] tokens, float temperature = 0, float logProbability = -0.3f, float ratio = 1, float noSpeech = 0, bool ended = true) =>
        new(new DecodedText(tokens, new float[tokens.Length], logProbability, noSpeech, ended), ratio, temperature);
}
