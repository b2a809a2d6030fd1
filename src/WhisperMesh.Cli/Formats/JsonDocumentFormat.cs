using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using WhisperMesh.Client;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Formats;

/// <summary>Everything the mesh said, on one line, so that several documents make JSON Lines. Times are seconds.</summary>
internal static class JsonDocumentFormat
{
    internal static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Text is for people too; nothing here goes into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static string Write(Transcript transcript, string name) => JsonSerializer.Serialize(
        new
        {
            File = name,
            Language = transcript.Summary.LanguageCode,
            Duration = Seconds(transcript.Summary.AudioDuration),
            transcript.Text,
            Segments = transcript.Segments.Select(Describe),
            transcript.Summary.Model,
            transcript.Summary.WorkerId,
            transcript.Summary.RequestId,
            transcript.Warnings,
            Route = transcript.Route is { } route ? Describe(route) : null,
        },
        Options) + "\n";

    private static object Describe(RouteTaken route) => new
    {
        route.Name,
        Worker = route.WorkerId,
        route.Model,
        route.Reason,
        Attempts = route.AttemptCount,
        route.External,
        Cache = route.Cache == CacheResult.Unspecified ? null : route.Cache.ToString().ToLowerInvariant(),
        route.Notes,
    };

    private static object Describe(TranscriptSegment segment) => new
    {
        Id = segment.Index,
        Start = Seconds(segment.StartOffset),
        End = Seconds(segment.StartOffset) + Seconds(segment.SegmentDuration),
        segment.Text,
        Channel = segment.HasChannel ? segment.Channel : (int?)null,
        Language = segment.LanguageCode,
        Verdict = NameOf(segment.Verdict),
        segment.Confidence,
        AvgLogprob = segment.AverageLogProbability,
        NoSpeechProb = segment.NoSpeechProbability,
        segment.CompressionRatio,
        segment.Temperature,
        Words = segment.Words.Count == 0 ? null : segment.Words.Select(Describe),
        Logprobs = segment.TokenBytes.Count == 0 ? null : segment.TokenBytes.Zip(segment.TokenLogProbabilities, Describe),
    };

    private static object Describe(TranscriptWord word) => new
    {
        Word = word.Text,
        Start = Seconds(word.StartOffset),
        End = Seconds(word.StartOffset) + Seconds(word.WordDuration),
        word.Confidence,
    };

    private static object Describe(ByteString token, float logprob) => new
    {
        Token = token.ToStringUtf8(),
        // JSON has no infinity; this is what OpenAI's API writes.
        Logprob = float.IsFinite(logprob) ? logprob : -9999,
        // One character may span several tokens.
        Bytes = token.Select(value => (int)value),
    };

    private static string? NameOf(SegmentVerdict verdict) => verdict switch
    {
        SegmentVerdict.Ok => "ok",
        SegmentVerdict.SuspectedSilence => "suspected_silence",
        SegmentVerdict.SuspectedLoop => "suspected_loop",
        SegmentVerdict.LowConfidence => "low_confidence",
        SegmentVerdict.LanguageMismatch => "language_mismatch",
        _ => null,
    };

    // Decimal, so that adding a length to a start shows no binary dust.
    private static decimal Seconds(Google.Protobuf.WellKnownTypes.Duration? duration) =>
        duration is null ? 0 : Math.Round(duration.Seconds + (duration.Nanos / 1_000_000_000m), 3);
}
