using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Spectre.Console;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Explain.Telling;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Explain;

/// <summary>What became of a request, for people.</summary>
internal static class RequestReport
{
    private const int SegmentsShown = 40;

    internal static void Write(IAnsiConsole console, RequestRecord record)
    {
        WriteHead(console, record);
        TimePicture.Write(console, record);
        WriteAttempts(console, record);
        WriteChoices(console, record);
        WriteSegments(console, record);
        WriteNotes(console, record);
    }

    internal static string Seconds(Duration? duration) => duration is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{duration.ToTimeSpan().TotalSeconds:0.000} s");

    private static void WriteHead(IAnsiConsole console, RequestRecord record)
    {
        var line = record.Line;
        var marks = string.Concat(line.Slow ? ", slow" : "", line.DoubtfulCount > 0 ? $", {line.DoubtfulCount} of {line.SegmentCount} pieces of text doubtful" : "");
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        Row("Request", $"{line.RequestId} ({line.Operation})");
        Row("State", $"{Word(line.State)} after {Seconds(line.TotalDuration)}{marks}");
        Row("Came", $"{line.CreateTime?.ToDateTimeOffset():yyyy-MM-dd HH:mm:ss} UTC over {record.Protocol}{(record.Status.Length > 0 ? $", status {record.Status}" : "")}");
        Row("Error", record.Error is { } error ? $"{error.Message} [{error.Reason}]{(error.Field.Length > 0 ? $" field {error.Field}" : "")}" : "");
        Row("Asked for", Wishes(record.Wishes));
        Row("Route", record.Route is { } route ? $"{route.Name} to {route.WorkerId}, {route.Model} ({route.Reason})" : line.RouteName);
        Row("Cache", line.Cache == CacheResult.Unspecified ? "" : Word(line.Cache));
        Row("Audio", Audio(record));
        Row("Language", Languages(record));
        Row("Versions", Versions(record));
        Row("Live", Live(record.Live));
        Row("Session", record.SessionId);
        Row("Trace", record.TraceUrl.Length > 0 ? record.TraceUrl : record.TraceId);
        console.Write(grid);

        void Row(string name, string text)
        {
            if (text.Length > 0)
            {
                grid.AddRow(new Text(name), new Text(text));
            }
        }
    }

    private static void WriteAttempts(IAnsiConsole console, RequestRecord record)
    {
        if (record.Attempts.Count == 0)
        {
            return;
        }

        var table = Table("Tries at workers", "Try", "For", "Worker", "Model", "Outcome", "Began", "Took", "Why it ended so");
        for (var i = 0; i < record.Attempts.Count; i++)
        {
            var attempt = record.Attempts[i];
            var resumed = attempt.ResumeOffset is { } from ? $"went on from {Seconds(from)} of the audio. " : "";
            AddRow(
                table, $"{i + 1}", attempt.Purpose, attempt.WorkerId, attempt.Model, attempt.Outcome, Seconds(attempt.StartOffset),
                Seconds(attempt.AttemptDuration), resumed + attempt.Detail);
        }

        console.Write(table);
    }

    private static void WriteChoices(IAnsiConsole console, RequestRecord record)
    {
        foreach (var choice in record.Choices)
        {
            var pool = choice.Pool.Length > 0 ? $", from {choice.Pool}" : "";
            var table = Table($"Choice for {choice.Purpose}{pool}", "Worker", "Taken", "Why", "Wait", "Load", "s per s of audio");
            foreach (var worker in choice.Workers)
            {
                AddRow(
                    table,
                    worker.WorkerId,
                    worker.Chosen ? "yes" : "no",
                    worker.Reason,
                    Seconds(worker.PredictedWaitDuration),
                    worker.Limit > 0 ? $"{worker.ActiveCount} of {worker.Limit}" : "",
                    worker.HasSecondsPerAudioSecond ? worker.SecondsPerAudioSecond.ToString("0.00", CultureInfo.InvariantCulture) : "");
            }

            console.Write(table);
            foreach (var passed in choice.PassedOver)
            {
                console.WriteLine("Passed over: " + passed);
            }
        }
    }

    private static void WriteSegments(IAnsiConsole console, RequestRecord record)
    {
        if (record.Segments.Count == 0)
        {
            return;
        }

        // Most meshes keep none.
        var hasText = record.Segments.Any(segment => segment.Text.Length > 0);
        var table = Table(
            "Scores by piece of text",
            ["From", "To", "Verdict", "Confidence", "Log prob.", "No speech", "Compression", "Temp.", "Tokens", "Language", .. hasText ? (string[])["Text"] : []]);
        foreach (var segment in record.Segments.Take(SegmentsShown))
        {
            var start = segment.StartOffset?.ToTimeSpan() ?? TimeSpan.Zero;
            string[] cells =
            [
                Seconds(segment.StartOffset),
                Seconds(Duration.FromTimeSpan(start + (segment.SegmentDuration?.ToTimeSpan() ?? TimeSpan.Zero))),
                segment.Verdict == SegmentVerdict.Unspecified ? "" : Word(segment.Verdict),
                Number(segment.Confidence),
                Number(segment.AverageLogProbability),
                Number(segment.NoSpeechProbability),
                Number(segment.CompressionRatio),
                Number(segment.Temperature),
                $"{segment.TokenCount}",
                segment.LanguageCode,
                .. hasText ? (string[])[segment.Text.Trim()] : [],
            ];
            AddRow(table, cells);
        }

        console.Write(table);
        var more = record.Segments.Count - Math.Min(record.Segments.Count, SegmentsShown) + record.SegmentsLeftOutCount;
        if (more > 0)
        {
            console.WriteLine($"And {more} more; --json has {record.Segments.Count} of them.");
        }
    }

    private static void WriteNotes(IAnsiConsole console, RequestRecord record)
    {
        foreach (var note in (record.Route?.Notes ?? []).Concat(record.Warnings))
        {
            console.WriteLine("Note: " + note);
        }

        foreach (var judged in record.Judged)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Judged: {judged.Purpose} by {judged.WorkerId} with {judged.Model}: {Seconds(judged.DoubtfulDuration)} of {Seconds(judged.SpeechDuration)} doubtful ({string.Join(", ", judged.Doubts)}); {(judged.Kept ? "kept" : "not kept")}."));
        }

        foreach (var note in record.Live?.Notes ?? [])
        {
            console.WriteLine($"At {Seconds(note.StartOffset)}: {note.Message}");
        }
    }

    private static string Wishes(RequestWishes? wishes) => wishes is null ? "" : string.Join(", ", new[]
    {
        wishes.Model.Length > 0 ? $"model {wishes.Model}" : "the default model",
        wishes.Voice.Length > 0 ? $"voice {wishes.Voice}" : "",
        wishes.LanguageCode.Length > 0 ? $"language {wishes.LanguageCode}" : "",
        wishes.LanguageCodes.Count > 0 ? $"a language of {string.Join(" ", wishes.LanguageCodes)}" : "",
        wishes.RequestClass == RequestClass.Unspecified ? "" : Word(wishes.RequestClass),
        wishes.PromptLength > 0 ? $"a prompt of {wishes.PromptLength} characters" : "",
        wishes.KeywordCount > 0 ? $"{wishes.KeywordCount} keywords" : "",
    }.Where(text => text.Length > 0));

    private static string Audio(RequestRecord record) => record.Line.AudioDuration is null ? "" : string.Concat(
        Seconds(record.Line.AudioDuration),
        record.SpeechDuration is { } speech ? $", {Seconds(speech)} of it speech" : "",
        record.HasRealTimeFactor ? string.Create(CultureInfo.InvariantCulture, $", real-time factor {record.RealTimeFactor:0.000}") : "");

    private static string Languages(RequestRecord record) => record.LanguageProbabilities.Count > 0
        ? string.Join(", ", record.LanguageProbabilities.Select(each => $"{each.LanguageCode} {Number(each.Probability)}"))
        : record.LanguageCode;

    private static string Versions(RequestRecord record) => string.Join(", ", new[]
    {
        $"router {record.RouterVersion} ({record.RouterId})",
        record.WorkerVersion.Length > 0 ? $"worker {record.WorkerVersion}" : "",
        record.ModelRevision.Length > 0 ? $"model revision {record.ModelRevision}" : "",
    }.Where(text => text.Length > 0));

    private static string Live(LiveFacts? live) => live is null ? ""
        : $"{live.UtteranceCount} utterances, {live.PassCount} passes, words late by {Seconds(live.MeanLag)} on average and {Seconds(live.LargestLag)} at most, {live.ResumeCount} times resumed";

    private static Table Table(string title, params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(title)).AddColumns(columns);
        table.Title!.Style = new Style(decoration: Decoration.Bold);
        return table;
    }

    private static void AddRow(Table table, params string[] cells) => table.AddRow([.. cells.Select(cell => new Text(cell))]);

    private static string Number(float number) => number.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Word<T>(T value)
        where T : struct, System.Enum => ContractJson.Spaced(value);
}
