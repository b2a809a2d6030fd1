using System.CommandLine;
using System.Globalization;

namespace WhisperMesh.Benchmarks.Commands;

/// <summary>The options that say how much to measure.</summary>
internal sealed class MeasureOptions
{
    private readonly Option<int?> _rounds = new("--rounds") { Description = "Rounds, in each of which every side has its turn." };
    private readonly Option<double> _warmUp = new("--warm-up")
    {
        Description = "Seconds to run before measuring.",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<double?> _minutes = new("--minutes") { Description = "Length of the long file, or of each kind of noise." };
    private readonly Option<int> _callers = new("--callers") { Description = "Callers at once.", DefaultValueFactory = _ => 8 };
    private readonly Option<string?> _streams = new("--streams") { Description = "Live streams at once: 8 or 1,8,16." };
    private readonly Option<int?> _take = new("--take") { Description = "Only the first recordings, so many." };
    private readonly Option<string?> _languages = new("--languages")
    {
        Description = "Languages of the recordings: en or en,es,fr. All where recordings stand alone, English in long files, by default.",
    };

    private readonly Option<int> _seed = new("--seed") { Description = "Starts all random generators.", DefaultValueFactory = _ => 1 };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_rounds, _warmUp, _minutes, _callers, _streams, _take, _languages, _seed])
        {
            command.Add(option);
        }
    }

    public BenchmarkOptions Read(ParseResult parsed, BenchmarkOptions options) => options with
    {
        Rounds = parsed.GetValue(_rounds),
        WarmUp = TimeSpan.FromSeconds(parsed.GetValue(_warmUp)),
        Length = parsed.GetValue(_minutes) is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
        Callers = Math.Max(1, parsed.GetValue(_callers)),
        Streams = ReadCounts(parsed.GetValue(_streams)),
        Take = parsed.GetValue(_take),
        Languages = parsed.GetValue(_languages)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        Seed = parsed.GetValue(_seed),
    };

    private static IReadOnlyList<int> ReadCounts(string? text) =>
        [.. (text?.Split(',', StringSplitOptions.TrimEntries) ?? [])
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
                ? count
                : throw new BenchmarkException($"'{part}' is no number of streams."))];
}
