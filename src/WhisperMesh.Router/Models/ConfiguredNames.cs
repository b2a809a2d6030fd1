using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Models;

/// <summary>Lays the models of the configuration over those that workers serve.</summary>
internal static class ConfiguredNames
{
    /// <param name="served">Models that workers serve, by id; their messages may be changed.</param>
    /// <param name="configuration">The configuration in force.</param>
    public static IEnumerable<CatalogEntry> Add(Dictionary<string, CatalogEntry> served, MeshConfiguration configuration)
    {
        if (configuration.Models.Count == 0)
        {
            return served.Values;
        }

        // What the configuration names leads where it says, whatever workers call by that name.
        var taken = configuration.Models.SelectMany(entry => entry.Value.Aliases.Prepend(entry.Key)).ToHashSet(StringComparer.Ordinal);
        foreach (var model in served.Values.Select(entry => entry.Model))
        {
            string[] own = [.. model.Aliases.Where(alias => !taken.Contains(alias))];
            string[] given = [.. configuration.Models.GetValueOrDefault(model.Id)?.Aliases ?? []];
            model.Aliases.Clear();
            model.Aliases.Add(own.Union(given).Order(StringComparer.Ordinal));
        }

        return served.Values.Concat(ByFallback(served, configuration));
    }

    /// <summary>Models that have no worker now, and a fallback that has.</summary>
    private static IEnumerable<CatalogEntry> ByFallback(Dictionary<string, CatalogEntry> served, MeshConfiguration configuration) =>
        from entry in configuration.Models
        where !served.ContainsKey(entry.Key)
        let fallback = RoutePools.FallbacksOf(entry.Key, configuration).Select(served.GetValueOrDefault).FirstOrDefault(found => found is not null)
        where fallback is not null
        select new CatalogEntry(Named(entry.Key, entry.Value.Aliases, fallback.Model), fallback.Since);

    private static Model Named(string id, IReadOnlyList<string> aliases, Model fallback)
    {
        var model = fallback.Clone();
        (model.Id, model.WorkerCount, model.Revision) = (id, 0, "");
        model.Aliases.Clear();
        model.Aliases.Add(aliases.Order(StringComparer.Ordinal));
        return model;
    }
}
