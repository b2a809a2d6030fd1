using System.CommandLine;

namespace WhisperMesh.Benchmarks.Commands;

/// <summary>The options that say what to ask of our engine.</summary>
internal sealed class RequestOptions
{
    private static readonly RequestSettings Defaults = new();

    private readonly Option<bool> _words = new("--words") { Description = "Ask for the place of each word." };
    private readonly Option<int> _beam = new("--beam") { Description = "Beams.", DefaultValueFactory = _ => Defaults.BeamSize };
    private readonly Option<int> _bestOf = new("--best-of")
    {
        Description = "Texts sampled above temperature 0.",
        DefaultValueFactory = _ => Defaults.BestOf,
    };

    private readonly Option<float> _temperature = new("--temperature") { Description = "Where decoding starts." };
    private readonly Option<bool> _carryContext = new("--carry-context") { Description = "Tell each window the text before it." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_words, _beam, _bestOf, _temperature, _carryContext])
        {
            command.Add(option);
        }
    }

    public RequestSettings Read(ParseResult parsed) => new()
    {
        Words = parsed.GetValue(_words),
        BeamSize = parsed.GetValue(_beam),
        BestOf = parsed.GetValue(_bestOf),
        Temperature = parsed.GetValue(_temperature),
        CarryContext = parsed.GetValue(_carryContext),
    };
}
