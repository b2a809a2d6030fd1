using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Tenants.Budgets;

/// <summary>Whether budgets make sense, in a request or in the configuration.</summary>
internal static class BudgetChecks
{
    // Counted in milliseconds in 64 bits; a thousand years of audio a day is enough for anyone.
    private const double MaxAudioMinutes = 1e9;

    /// <returns>Name and error of each value that makes none; names in the spelling of <paramref name="naming"/>.</returns>
    public static IEnumerable<(string Field, string Error)> Check(BudgetSettings budgets, Func<string, string> naming)
    {
        if (budgets.RequestsPerMinute is < 1)
        {
            yield return (naming(nameof(budgets.RequestsPerMinute)), "must be at least 1.");
        }

        if (budgets.AudioMinutesPerDay is { } minutes && !(minutes is > 0 and <= MaxAudioMinutes))
        {
            yield return (naming(nameof(budgets.AudioMinutesPerDay)), $"must be above 0 and at most {MaxAudioMinutes:0}.");
        }

        if (budgets.CharactersPerDay is < 1)
        {
            yield return (naming(nameof(budgets.CharactersPerDay)), "must be at least 1.");
        }

        if (budgets.ConcurrentStreams is < 1)
        {
            yield return (naming(nameof(budgets.ConcurrentStreams)), "must be at least 1.");
        }
    }
}
