using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace WhisperMesh.Cli.Keys;

/// <summary>Keys for people.</summary>
internal static class KeysTable
{
    internal static void Write(IAnsiConsole console, JsonElement keys)
    {
        if (keys.GetArrayLength() == 0)
        {
            console.MarkupLine("There are no keys.");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("Id", "Tenant", "Name", "Scopes", "Expires", "Budgets");
        foreach (var key in keys.EnumerateArray())
        {
            table.AddRow(
                Text(key, "id"),
                Text(key, "tenant"),
                Text(key, "name"),
                Markup.Escape(string.Join(", ", key.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()))),
                key.TryGetProperty("expires_at", out var end) ? end.GetDateTimeOffset().ToString("u", CultureInfo.InvariantCulture) : "never",
                key.TryGetProperty("budgets", out var budgets)
                    ? Markup.Escape(string.Join(", ", budgets.EnumerateObject().Select(budget => $"{budget.Name} {budget.Value}")))
                    : "");
        }

        console.Write(table);
    }

    private static string Text(JsonElement key, string property) => Markup.Escape(key.GetProperty(property).GetString()!);
}
