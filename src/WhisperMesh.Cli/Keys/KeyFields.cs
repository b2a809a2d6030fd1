using System.CommandLine;

namespace WhisperMesh.Cli.Keys;

/// <summary>The options of <c>whispermesh keys create</c>.</summary>
internal sealed class KeyFields
{
    private readonly Option<string> _tenant = new("--tenant") { Description = "Whose key it is.", Required = true };
    private readonly Option<string?> _name = new("--name") { Description = "What it is for." };

    private readonly Option<string[]> _scopes = new("--scope")
    {
        Description = "What it may do: transcribe, speak, models, usage or admin; several times for several. All but admin unless given.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double?> _days = new("--expires-in-days") { Description = "After how many days it ends. Never unless given." };
    private readonly Option<int?> _requests = new("--requests-per-minute") { Description = "Requests a minute." };
    private readonly Option<double?> _audio = new("--audio-minutes-per-day") { Description = "Minutes of audio a day." };
    private readonly Option<long?> _characters = new("--characters-per-day") { Description = "Characters spoken a day." };
    private readonly Option<int?> _streams = new("--concurrent-streams") { Description = "Requests at once." };

    internal void AddTo(Command command)
    {
        foreach (var option in new Option[] { _tenant, _name, _scopes, _days, _requests, _audio, _characters, _streams })
        {
            command.Add(option);
        }
    }

    internal Dictionary<string, object> ToBody(ParseResult parsed)
    {
        var body = new Dictionary<string, object> { ["tenant"] = parsed.GetRequiredValue(_tenant) };
        Add(body, "name", parsed.GetValue(_name));
        Add(body, "scopes", parsed.GetValue(_scopes) is { Length: > 0 } scopes ? scopes : null);
        if (parsed.GetValue(_days) is { } days)
        {
            body["expires_at"] = days is > 0 and < 36_500
                ? TimeProvider.System.GetUtcNow().AddDays(days)
                : throw new UsageException("--expires-in-days must be above 0 and below 36500");
        }

        var budgets = new Dictionary<string, object>();
        Add(budgets, "requests_per_minute", parsed.GetValue(_requests));
        Add(budgets, "audio_minutes_per_day", parsed.GetValue(_audio));
        Add(budgets, "characters_per_day", parsed.GetValue(_characters));
        Add(budgets, "concurrent_streams", parsed.GetValue(_streams));
        Add(body, "budgets", budgets.Count > 0 ? budgets : null);
        return body;
    }

    private static void Add(Dictionary<string, object> body, string name, object? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }
}
