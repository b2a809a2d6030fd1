using Google.Protobuf.Collections;
using Spectre.Console;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Status;

/// <summary>The state of a mesh for people.</summary>
internal static class StatusTable
{
    private const int LanguagesShown = 6;

    internal static void Write(IAnsiConsole console, Uri server, bool healthy, IReadOnlyList<Model> models)
    {
        var health = healthy ? "[green]healthy[/]" : "[red]not ready[/]";
        console.MarkupLineInterpolated($"Router {server.GetLeftPart(UriPartial.Authority)}");
        console.MarkupLine($"Health {health}");
        if (models.Count == 0)
        {
            console.MarkupLine("[yellow]No worker is registered.[/]");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("Model", "Does", "Workers", "Also called", "Languages", "Voices");
        foreach (var model in models)
        {
            table.AddRow(
                Markup.Escape(model.Id),
                NameOf(model.Kind),
                Markup.Escape($"{model.WorkerCount}"),
                Markup.Escape(string.Join(", ", model.Aliases)),
                Markup.Escape(Shorten(model.LanguageCodes)),
                Markup.Escape(string.Join(", ", model.Voices.Select(voice => voice.Id))));
        }

        console.Write(table);
    }

    internal static string NameOf(ModelKind kind) => kind switch
    {
        ModelKind.Transcription => "transcription",
        ModelKind.Synthesis => "synthesis",
        _ => "unknown",
    };

    private static string Shorten(RepeatedField<string> languages) => languages.Count <= LanguagesShown
        ? string.Join(", ", languages)
        : $"{languages.Count} languages";
}
