using System.Globalization;
using Spectre.Console;

namespace WhisperMesh.Benchmarks.Results;

/// <summary>Shows a scenario's figures.</summary>
internal static class ResultPrinter
{
    public static void Print(IAnsiConsole console, ScenarioResult result)
    {
        foreach (var table in result.Tables.Where(table => !table.OnlyInFile))
        {
            console.Write(Render(result.Name, table));
        }
        foreach (var note in result.Notes)
        {
            console.MarkupLineInterpolated($"{note}");
        }
        console.WriteLine();
    }

    private static Table Render(string scenario, ResultTable table)
    {
        var shown = new Table().Title(Markup.Escape($"{scenario}: {table.Title}")).Border(TableBorder.Simple);
        for (var column = 0; column < table.Columns.Count; column++)
        {
            var cells = table.Rows.Select(row => row[column]);
            var header = new TableColumn(Markup.Escape(table.Columns[column]));
            shown.AddColumn(cells.All(cell => cell is string) ? header : header.RightAligned());
        }
        foreach (var row in table.Rows)
        {
            shown.AddRow([.. row.Select(cell => Markup.Escape(Text(cell)))]);
        }
        return shown;
    }

    /// <summary>Four digits that count: no figure here is surer than that.</summary>
    private static string Text(object? cell) => cell switch
    {
        null => "",
        double.NaN => "n/a",
        double number => Round(number).ToString("0.#####", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    private static double Round(double number)
    {
        var digits = 3 - (int)Math.Floor(Math.Log10(Math.Max(Math.Abs(number), 0.01)));
        return Math.Round(number, Math.Clamp(digits, 0, 5));
    }
}
