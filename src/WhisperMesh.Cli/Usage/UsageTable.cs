using System.Text.Json;
using Spectre.Console;

namespace WhisperMesh.Cli.Usage;

/// <summary>Usage for people: a row for each group, and the sum.</summary>
internal static class UsageTable
{
    private static readonly (string Property, string Title)[] Amounts =
        [("requests", "Requests"), ("audio_seconds", "Audio (s)"), ("characters", "Characters"), ("price", "Price")];

    internal static void Write(IAnsiConsole console, JsonElement report)
    {
        var groups = report.GetProperty("group_by").EnumerateArray().Select(group => group.GetString()!).ToList();
        console.WriteLine($"Tenant {report.GetProperty("tenant")}, {report.GetProperty("from")} to {report.GetProperty("to")} (UTC)");
        var table = new Table().Border(TableBorder.Simple);
        foreach (var group in groups)
        {
            table.AddColumn(char.ToUpperInvariant(group[0]) + group[1..]);
        }

        foreach (var (_, title) in Amounts)
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var row in report.GetProperty("data").EnumerateArray())
        {
            table.AddRow([.. groups.Select(group => Text(row, group)), .. Amounts.Select(amount => Text(row, amount.Property))]);
        }

        var total = report.GetProperty("total");
        table.AddRow([.. groups.Select((_, i) => i == 0 ? "Total" : ""), .. Amounts.Select(amount => Text(total, amount.Property))]);
        console.Write(table);
    }

    private static string Text(JsonElement row, string property) => Markup.Escape(row.GetProperty(property).ToString());
}
