using System.Globalization;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Tenants.Usage;

/// <summary>What GET /v1/usage is asked.</summary>
internal sealed record UsageQuery(string? Tenant, DateOnly From, DateOnly To, IReadOnlyList<string> GroupBy)
{
    public const string AllTenants = "*";
    public const int MaxDays = 400;

    public const string Day = "day";
    public const string ByTenant = "tenant";
    public const string Key = "key";
    public const string Model = "model";
    public const string Language = "language";
    public const string Upstream = "upstream";

    public static readonly IReadOnlyList<string> Groups = [Day, ByTenant, Key, Model, Language, Upstream];

    private const int DefaultDays = 30;

    public IEnumerable<DateOnly> Days => Enumerable.Range(0, To.DayNumber - From.DayNumber + 1).Select(From.AddDays);

    /// <exception cref="ApiException">A parameter makes no sense.</exception>
    public static UsageQuery Read(IQueryCollection query, MeshClock clock)
    {
        foreach (var name in query.Keys.Except(["tenant", "from", "to", "group_by"]))
        {
            throw ApiException.BadRequest(
                name, $"Unrecognized request argument supplied: {RequestChecks.Shortened(name)}.", "unknown_parameter");
        }

        var to = Date(query, "to") ?? clock.Today;
        var from = Date(query, "from") ?? to.AddDays(1 - DefaultDays);
        if (from > to || to.DayNumber - from.DayNumber >= MaxDays)
        {
            throw ApiException.BadRequest("from", $"'from' must not be after 'to', nor {MaxDays} days or more before it.");
        }

        var groups = query.TryGetValue("group_by", out var given)
            ? given.SelectMany(value => value!.Split(',', StringSplitOptions.TrimEntries)).Distinct().ToList()
            : [Day];
        return groups.Except(Groups).Any()
            ? throw ApiException.BadRequest("group_by", $"'group_by' must be some of {string.Join(", ", Groups)}, separated by commas.")
            : new UsageQuery(One(query, "tenant"), from, to, groups);
    }

    private static DateOnly? Date(IQueryCollection query, string name) => One(query, name) switch
    {
        null => null,
        var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => date,
        _ => throw ApiException.BadRequest(name, $"'{name}' must be a day such as 2026-01-31."),
    };

    private static string? One(IQueryCollection query, string name) => query.TryGetValue(name, out var values) switch
    {
        false => null,
        true when values is [{ Length: > 0 } value] => value,
        _ => throw ApiException.BadRequest(name, $"'{name}' must be given once, and not be empty."),
    };
}
