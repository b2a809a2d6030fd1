using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Transcriptions.Formats;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Quality;

/// <summary>What a result is worth, by the engine's own verdicts and confidence.</summary>
internal sealed record ResultQuality
{
    // A segment without a length still counts.
    private const double LeastSeconds = 0.01;

    /// <summary>Seconds of speech in doubtful segments; all of them where the whole is below the least confidence.</summary>
    public required double DoubtfulSeconds { get; init; }

    /// <summary>Seconds of speech.</summary>
    public required double Seconds { get; init; }

    /// <summary>Mean confidence, weighted by length; 1 where there is no text.</summary>
    public required double Confidence { get; init; }

    /// <summary>Mean log probability, weighted by length; 0 where there is no text.</summary>
    public required double LogProbability { get; init; }

    /// <summary>The doubtful verdicts, each once, in order of appearance; "min_confidence" for the whole.</summary>
    public required IReadOnlyList<string> Doubts { get; init; }

    /// <summary>Whether another language than the one it was decoded as seems to be spoken somewhere.</summary>
    public required bool IsOtherLanguage { get; init; }

    /// <summary>Whether all that there is may have been made up in silence.</summary>
    public required bool IsSilence { get; init; }

    public bool IsDoubtful => Doubts.Count > 0;

    public static ResultQuality Of(IReadOnlyList<TranscriptSegment> segments, QualitySettings settings)
    {
        var seconds = segments.Sum(Length);
        var confidence = seconds > 0 ? segments.Sum(segment => segment.Confidence * Length(segment)) / seconds : 1;
        var doubtful = segments.Where(segment => IsDoubtfulVerdict(segment, settings)).ToList();
        var doubts = doubtful.Select(NameOf).Distinct().ToList();
        var tooUnsure = segments.Count > 0 && confidence < settings.MinConfidence;
        return new ResultQuality
        {
            DoubtfulSeconds = tooUnsure ? seconds : doubtful.Sum(Length),
            Seconds = seconds,
            Confidence = confidence,
            LogProbability = seconds > 0 ? segments.Sum(segment => segment.AverageLogProbability * Length(segment)) / seconds : 0,
            Doubts = tooUnsure ? [.. doubts, "min_confidence"] : doubts,
            IsOtherLanguage = doubtful.Any(segment => segment.Verdict == SegmentVerdict.LanguageMismatch),
            IsSilence = segments.All(segment => segment.Verdict == SegmentVerdict.SuspectedSilence),
        };
    }

    /// <summary>Whether the segment goes where doubtful ones are dropped, in a result of this quality.</summary>
    public bool Drops(TranscriptSegment segment, QualitySettings settings) =>
        IsDoubtfulVerdict(segment, settings)
        || (Confidence < settings.MinConfidence && segment.Confidence < settings.MinConfidence);

    /// <summary>
    /// Fewer doubtful seconds win, then the higher mean log probability. No text is better than some only where that may have been made
    /// up in silence.
    /// </summary>
    public bool IsBetterThan(ResultQuality other)
    {
        if (Seconds <= 0 || other.Seconds <= 0)
        {
            return Seconds <= 0 ? other is { Seconds: > 0, IsSilence: true } : !IsSilence;
        }

        return Math.Abs(DoubtfulSeconds - other.DoubtfulSeconds) > LeastSeconds / 2
            ? DoubtfulSeconds < other.DoubtfulSeconds
            : LogProbability > other.LogProbability;
    }

    private static bool IsDoubtfulVerdict(TranscriptSegment segment, QualitySettings settings) =>
        segment.Verdict is not (SegmentVerdict.Ok or SegmentVerdict.Unspecified)
        && (settings.Verdicts.Count == 0 || settings.Verdicts.Contains(NameOf(segment)));

    private static string NameOf(TranscriptSegment segment) => SegmentJudgement.Of(segment.Verdict).Verdict;

    private static double Length(TranscriptSegment segment) =>
        Math.Max(LeastSeconds, segment.SegmentDuration?.ToTimeSpan().TotalSeconds ?? 0);
}
