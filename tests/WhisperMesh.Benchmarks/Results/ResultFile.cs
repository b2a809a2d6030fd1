using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using WhisperMesh.Benchmarks.Measuring;

namespace WhisperMesh.Benchmarks.Results;

/// <summary>A run's figures as JSON.</summary>
/// <param name="Date">When the run started, UTC.</param>
/// <param name="CommandLine">How it was started.</param>
/// <param name="Machine">Where.</param>
internal sealed record ResultFile(DateTimeOffset Date, IReadOnlyList<string> CommandLine, Machine Machine)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly List<object> _scenarios = [];

    public IReadOnlyList<object> Scenarios => _scenarios;

    public void Add(ScenarioResult result, TimeSpan took, double stealShare) => _scenarios.Add(new
    {
        result.Name,
        Seconds = Math.Round(took.TotalSeconds, 1),
        StealShare = stealShare,
        Tables = result.Tables.Select(table => new { table.Title, Rows = table.Rows.Select(row => Row(table, row)) }),
        Rounds = result.Series,
        result.Notes,
    });

    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(this, Json) + "\n");
    }

    private static Dictionary<string, object?> Row(ResultTable table, object?[] row) =>
        table.Columns.Zip(row).ToDictionary(pair => pair.First, pair => pair.Second);
}
