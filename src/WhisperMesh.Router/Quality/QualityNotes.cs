using System.Globalization;

namespace WhisperMesh.Router.Quality;

/// <summary>Says in a reply what was doubtful and what came of it, in plain sentences.</summary>
internal static class QualityNotes
{
    public static string Doubtful(ResultQuality quality) => string.Create(
        CultureInfo.InvariantCulture,
        $"{quality.DoubtfulSeconds:0.0} of {quality.Seconds:0.0} seconds of speech are doubtful ({string.Join(", ", quality.Doubts)}).");

    public static string Dropped(int count, ResultQuality quality) => string.Create(
        CultureInfo.InvariantCulture,
        $"{count} doubtful segments were dropped ({string.Join(", ", quality.Doubts)}).");

    public static string Replaced(RetryTried tried, ResultQuality first) =>
        $"{Again(tried, first)} That result is better and was kept.";

    public static string KeptFirst(RetryTried tried, ResultQuality first) =>
        $"{Again(tried, first)} The first result is at least as good and was kept.";

    public static string NoTime(ResultQuality first) =>
        Doubtful(first) + " There was no time left before the deadline to transcribe it again.";

    public static string NobodyElse(ResultQuality first) =>
        Doubtful(first) + " No other worker could transcribe it again.";

    public static string Failed(ResultQuality first, string why) =>
        Doubtful(first) + " Transcribing it again failed: " + why;

    private static string Again(RetryTried tried, ResultQuality first) => string.Create(
        CultureInfo.InvariantCulture,
        $"The first result, by {tried.First.WorkerId} with {tried.First.Model}, had {first.DoubtfulSeconds:0.0} of {first.Seconds:0.0} seconds "
        + $"doubtful ({string.Join(", ", first.Doubts)}), so {tried.Second.WorkerId} with {tried.Second.Model} transcribed it again: "
        + $"{tried.Quality.DoubtfulSeconds:0.0} seconds doubtful.");
}
