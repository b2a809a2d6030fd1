using System.Globalization;

namespace WhisperMesh.Router.Tenants.Budgets;

/// <summary>
/// OpenAI's headers <c>x-ratelimit-{limit,remaining,reset}-requests</c>, and the same for <c>audio-seconds</c>, <c>characters</c> and
/// <c>streams</c>, which has no reset. Of the tenant's and the key's budget the one counts that leaves less.
/// </summary>
internal static class RateLimitHeaders
{
    private const long MillisecondsPerSecond = 1000;

    public static IEnumerable<(string Name, string Value)> Of(IReadOnlyList<BudgetStanding> standings)
    {
        foreach (var kind in standings.GroupBy(standing => standing.Budget.Kind))
        {
            var standing = kind.MinBy(one => one.Remaining)!;
            var (name, unit) = Unit(kind.Key);
            yield return ($"x-ratelimit-limit-{name}", Text(standing.Budget.Limit / unit));
            yield return ($"x-ratelimit-remaining-{name}", Text(standing.Remaining / unit));
            if (kind.Key != BudgetKind.Streams)
            {
                yield return ($"x-ratelimit-reset-{name}", Reset(standing.ResetAfter));
            }
        }
    }

    /// <summary>Whole seconds, as Retry-After has them, in OpenAI's form: 8s, 6m0s, 1h0m0s.</summary>
    internal static string Reset(TimeSpan after)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(after.TotalSeconds));
        var hours = seconds / 3600;
        var minutes = seconds / 60 % 60;
        return hours > 0 ? $"{Text(hours)}h{Text(minutes)}m{Text(seconds % 60)}s"
            : minutes > 0 ? $"{Text(minutes)}m{Text(seconds % 60)}s"
            : $"{Text(seconds)}s";
    }

    private static (string Name, long Unit) Unit(BudgetKind kind) => kind switch
    {
        BudgetKind.Requests => ("requests", 1),
        BudgetKind.Audio => ("audio-seconds", MillisecondsPerSecond),
        BudgetKind.Characters => ("characters", 1),
        _ => ("streams", 1),
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
