using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Models;

/// <summary>The models that requests can name now: those that live workers serve, under the names that the configuration gives them too.</summary>
internal sealed class ModelCatalog(DeclaredWorkers workers, IMeshConfigurationSource configuration)
{
    public IReadOnlyList<CatalogEntry> List()
    {
        var served = workers.Workers
            .Where(worker => worker.Capabilities is not null)
            .SelectMany(worker => worker.Capabilities.Models, (worker, model) => (Worker: worker, model.Model))
            .GroupBy(pair => pair.Model.Id, StringComparer.Ordinal)
            .Select(group => new CatalogEntry(
                Merge([.. group.Select(pair => pair.Model)]),
                group.Min(pair => pair.Worker.StartTime?.ToDateTimeOffset()) ?? DateTimeOffset.UnixEpoch))
            .ToDictionary(entry => entry.Model.Id, StringComparer.Ordinal);
        return [.. ConfiguredNames.Add(served, configuration.Current).OrderBy(entry => entry.Model.Id, StringComparer.Ordinal)];
    }

    private static Model Merge(IReadOnlyList<Model> models)
    {
        var merged = models[0].Clone();
        merged.WorkerCount = models.Count;
        Replace(merged.Aliases, models.SelectMany(model => model.Aliases).Distinct().Order(StringComparer.Ordinal));
        Replace(merged.LanguageCodes, models.SelectMany(model => model.LanguageCodes).Distinct().Order(StringComparer.Ordinal));
        // The first voice is the default, so the order stays.
        Replace(merged.Voices, models.SelectMany(model => model.Voices).DistinctBy(voice => voice.Id));
        return merged;
    }

    private static void Replace<T>(Google.Protobuf.Collections.RepeatedField<T> field, IEnumerable<T> values)
    {
        T[] all = [.. values];
        field.Clear();
        field.AddRange(all);
    }
}

/// <summary>A model and since when it is served.</summary>
internal sealed record CatalogEntry(Model Model, DateTimeOffset Since);
