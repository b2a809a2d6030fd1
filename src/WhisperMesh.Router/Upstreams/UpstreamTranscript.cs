using System.Text.Json;
using WhisperMesh.Router.Transcriptions.Formats;
using WhisperMesh.Speech.V1;
using ProtoDuration = Google.Protobuf.WellKnownTypes.Duration;

namespace WhisperMesh.Router.Upstreams;

/// <summary>An upstream's answer as segments: <c>verbose_json</c>, <c>json</c> or bare text, each with more or less in it.</summary>
internal sealed class UpstreamTranscript
{
    private const int MaxProbabilities = 5;
    private const int MaxWarnings = 20;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public required IReadOnlyList<TranscriptSegment> Segments { get; init; }

    public required string Language { get; init; }

    public TimeSpan Duration { get; init; }

    public IReadOnlyList<LanguageProbability> Languages { get; init; } = [];

    /// <summary>What another WhisperMesh warns of.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public static UpstreamTranscript OfText(string text, string language, TimeSpan? duration) => new()
    {
        Segments = Whole(text, language, duration ?? TimeSpan.Zero),
        Language = language,
        Duration = duration ?? TimeSpan.Zero,
    };

    /// <param name="root">The answer.</param>
    /// <param name="asked">Language that was asked for; empty: none.</param>
    /// <param name="measured">Length of the audio as this side knows it.</param>
    public static UpstreamTranscript Of(JsonElement root, string asked, TimeSpan? measured)
    {
        var language = LanguageOf(root) is { Length: > 0 } heard ? heard : asked;
        var segments = SegmentsOf(root, language);
        var told = root.NumberOf("duration") ?? root.Member("usage")?.NumberOf("seconds");
        var duration = measured ?? (told is { } seconds ? Time(seconds) : segments.Select(End).DefaultIfEmpty().Max());
        if (segments.Count == 0)
        {
            segments = Whole(root.TextOf("text") ?? "", language, duration);
        }

        UpstreamWords.Assign(root, segments);
        return new()
        {
            Segments = segments,
            Language = language,
            Duration = duration,
            Languages = ProbabilitiesOf(root),
            Warnings = [.. root.Member("whispermesh")?.Member("warnings").Items().Select(item => item.Text()).OfType<string>().Take(MaxWarnings) ?? []],
        };
    }

    internal static TimeSpan Time(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds));

    internal static TimeSpan End(TranscriptSegment segment) => segment.StartOffset.ToTimeSpan() + segment.SegmentDuration.ToTimeSpan();

    private static string LanguageOf(JsonElement root) => LanguageNames.CodeOf(
        root.TextOf("language") ?? root.Member("languages").Items().Select(item => item.TextOf("code")).FirstOrDefault() ?? "");

    private static List<TranscriptSegment> Whole(string text, string language, TimeSpan duration) =>
        text.Trim() is { Length: > 0 } trimmed
            ? [new TranscriptSegment
            {
                Text = trimmed,
                LanguageCode = language,
                StartOffset = ProtoDuration.FromTimeSpan(TimeSpan.Zero),
                SegmentDuration = ProtoDuration.FromTimeSpan(duration),
            }]
            : [];

    private static List<TranscriptSegment> SegmentsOf(JsonElement root, string language)
    {
        var segments = new List<TranscriptSegment>();
        foreach (var item in root.Member("segments").Items())
        {
            if (item.TextOf("text")?.Trim() is not { Length: > 0 } text)
            {
                continue;
            }

            var start = Time(item.NumberOf("start") ?? 0);
            var end = Time(item.NumberOf("end") ?? 0);
            segments.Add(UpstreamJudgement.Judge(item, new TranscriptSegment
            {
                Index = segments.Count,
                StartOffset = ProtoDuration.FromTimeSpan(start),
                SegmentDuration = ProtoDuration.FromTimeSpan(end > start ? end - start : TimeSpan.Zero),
                Text = text,
                LanguageCode = language,
            }));
        }

        return segments;
    }

    // {"en":0.98} as whisper.cpp gives it, or [{"code":"en","probability":0.98}] as another WhisperMesh.
    private static List<LanguageProbability> ProbabilitiesOf(JsonElement root)
    {
        var pairs = root.Member("language_probabilities") is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().Select(pair => (pair.Name, pair.Value.Number()))
            : (root.Member("whispermesh")?.Member("languages")).Items().Select(item => (item.TextOf("code") ?? "", item.NumberOf("probability")));
        return
        [
            .. pairs
                .Select(pair => new LanguageProbability { LanguageCode = LanguageNames.CodeOf(pair.Item1), Probability = (float)(pair.Item2 ?? 0) })
                .Where(language => language.LanguageCode.Length > 0 && language.Probability is > 0 and <= 1)
                .OrderByDescending(language => language.Probability)
                .Take(MaxProbabilities),
        ];
    }
}
