using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Cli.Formats;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Output;

/// <summary>An event as one line of JSON, with the names of the contract. Times are seconds on the stream.</summary>
internal static class LiveJson
{
    internal static string Write(StreamLiveResponse message) => JsonSerializer.Serialize(
        new
        {
            Event = NameOf(message.EventCase),
            Number = message.EventNumber,
            Received = Seconds(message.Progress?.AudioReceived),
            Committed = Seconds(message.Progress?.AudioCommitted),
            Started = message.Started is { } started ? Describe(started) : null,
            Update = message.Update is { } update ? Describe(update) : null,
            Final = message.Final is { } final ? Describe(final) : null,
            SpeechStarted = message.SpeechStarted is { } begun ? new { Utterance = begun.UtteranceIndex, Start = Seconds(begun.StartOffset) } : null,
            SpeechEnded = message.SpeechEnded is { } ended ? new { Utterance = ended.UtteranceIndex, End = Seconds(ended.EndOffset) } : null,
            Status = message.Status is { } status ? Describe(status) : null,
            Summary = message.Summary is { } summary ? Describe(summary) : null,
        },
        JsonDocumentFormat.Options) + "\n";

    private static object Describe(LiveStarted started) => new
    {
        started.RequestId,
        Worker = started.WorkerId,
        started.Model,
        started.Warnings,
    };

    private static object Describe(LiveUpdate update) => new
    {
        Utterance = update.UtteranceIndex,
        Words = update.Words.Select(word => new
        {
            Word = word.Text,
            Start = Seconds(word.StartOffset),
            End = Seconds(word.StartOffset) + Seconds(word.WordDuration),
            word.Confidence,
        }),
        update.TentativeText,
        update.Stability,
        Language = update.LanguageCode,
    };

    private static object Describe(LiveFinal final) => new
    {
        Utterance = final.Segment.Index,
        Start = Seconds(final.Segment.StartOffset),
        End = Seconds(final.Segment.StartOffset) + Seconds(final.Segment.SegmentDuration),
        final.Segment.Text,
        Language = final.Segment.LanguageCode,
        final.Segment.Confidence,
        Words = final.Segment.Words.Select(word => new
        {
            Word = word.Text,
            Start = Seconds(word.StartOffset),
            End = Seconds(word.StartOffset) + Seconds(word.WordDuration),
            word.Confidence,
        }),
        Reason = final.Reason.ToString().ToLowerInvariant(),
    };

    private static object Describe(LiveStatus status) => new
    {
        Load = status.Load == LiveLoad.Busy ? "busy" : "normal",
        PassInterval = Seconds(status.PassInterval),
        Worker = status.WorkerId,
        Message = status.Message.Length > 0 ? status.Message : null,
        LostAudio = status.LostAudio is null ? (decimal?)null : Seconds(status.LostAudio),
    };

    private static object Describe(LiveSummary summary) => new
    {
        summary.RequestId,
        Worker = summary.WorkerId,
        summary.Model,
        Duration = Seconds(summary.AudioDuration),
        Speech = Seconds(summary.SpeechDuration),
        Utterances = summary.UtteranceCount,
        Passes = summary.PassCount,
        Decoding = Seconds(summary.Decoding),
        Language = summary.LanguageCode,
        summary.Warnings,
    };

    private static string NameOf(StreamLiveResponse.EventOneofCase kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    // Decimal, so that adding a length to a start shows no binary dust.
    private static decimal Seconds(Duration? duration) =>
        duration is null ? 0 : Math.Round(duration.Seconds + (duration.Nanos / 1_000_000_000m), 3);
}
