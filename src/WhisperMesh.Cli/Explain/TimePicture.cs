using Google.Protobuf.WellKnownTypes;
using Spectre.Console;
using WhisperMesh.Requests.V1;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Explain;

/// <summary>Where the time went, as bars: at the router from left to right, in the worker by length.</summary>
internal static class TimePicture
{
    private const int Width = 40;
    private const char Bar = '█';
    private const char Sliver = '▏';

    internal static void Write(IAnsiConsole console, RequestRecord record)
    {
        var total = record.Line.TotalDuration?.ToTimeSpan() ?? TimeSpan.Zero;
        var table = Table("Time at the router");
        foreach (var stage in record.Stages)
        {
            var name = stage.Attempt > 0 ? $"try {stage.Attempt}: {record.Attempts[stage.Attempt - 1].WorkerId}" : stage.Name;
            Add(table, name, stage.StageDuration, stage.StartOffset?.ToTimeSpan() ?? TimeSpan.Zero, total);
        }

        console.Write(table);
        if (record.Timings is { } timings)
        {
            WriteWorker(console, timings);
        }
        else if (record.Speech is { } speech)
        {
            WriteParts(console, speech.Total, ("waiting for a place", speech.Queued), ("to the first audio", speech.TimeToFirstAudio));
        }
    }

    private static void WriteWorker(IAnsiConsole console, TranscriptionTimings timings) => WriteParts(
        console,
        timings.Total,
        ("waiting for a place", timings.Queued),
        ("reading the audio", timings.AudioDecoding),
        ("finding speech", timings.VoiceDetection),
        ("finding the language", timings.LanguageDetection),
        ("features", timings.Features),
        ("waiting for the model", timings.ModelQueued),
        ("encoder", timings.Encoder),
        ("decoder", timings.Decoder),
        ("  of it prefill", timings.Prefill),
        ("word times", timings.Alignment));

    private static void WriteParts(IAnsiConsole console, Duration? total, params (string Name, Duration? Time)[] parts)
    {
        var table = Table("Time in the worker");
        var whole = total?.ToTimeSpan() ?? TimeSpan.Zero;
        foreach (var (name, time) in parts)
        {
            Add(table, name, time, TimeSpan.Zero, whole);
        }

        Add(table, "all of it", total, TimeSpan.Zero, whole);
        if (table.Rows.Count > 0)
        {
            console.Write(table);
        }
    }

    // What was not told has no bar, which is something else than none.
    private static void Add(Table table, string name, Duration? duration, TimeSpan start, TimeSpan total)
    {
        if (duration is not null)
        {
            table.AddRow(new Text(name), new Text(RequestReport.Seconds(duration)), new Text(Draw(start, duration.ToTimeSpan(), total)));
        }
    }

    internal static string Draw(TimeSpan start, TimeSpan length, TimeSpan total)
    {
        if (total <= TimeSpan.Zero)
        {
            return "";
        }

        var from = Math.Clamp((int)(start / total * Width), 0, Width - 1);
        var count = Math.Min((int)Math.Round(length / total * Width), Width - from);
        return new string(' ', from) + (count > 0 ? new string(Bar, count) : Sliver.ToString());
    }

    private static Table Table(string title)
    {
        var table = new Table().Border(TableBorder.Simple).Title(title)
            .AddColumn("Stage").AddColumn(new TableColumn("Took").RightAligned()).AddColumn(new TableColumn("").NoWrap());
        table.Title!.Style = new Style(decoration: Decoration.Bold);
        return table;
    }
}
