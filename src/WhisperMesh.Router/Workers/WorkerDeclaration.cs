using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Routing.Configuration.Checks;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>Lays what is declared of a worker over what it says of itself.</summary>
internal static class WorkerDeclaration
{
    /// <summary>Whether the declaration is about the worker; what it asks of labels, the worker says itself.</summary>
    public static bool Concerns(WorkerMatchSettings match, WorkerLease worker) =>
        IsId(match.Id, worker.WorkerId)
        && (match.Address is null || match.Address.TrimEnd('/').Equals(worker.Address.TrimEnd('/'), StringComparison.OrdinalIgnoreCase))
        && (match.Model is null || (worker.Capabilities?.Models.Any(model => model.Model.Id == match.Model) ?? false))
        && match.Labels.All(label => WorkerLabels.Has(worker, label.Key, label.Value));

    public static void Apply(WorkerSettings settings, WorkerCapabilities capabilities)
    {
        if (settings.Languages is { } languages)
        {
            capabilities.DedicatedLanguageCodes.Clear();
            capabilities.DedicatedLanguageCodes.AddRange(languages);
        }

        if (settings.Tasks is { } tasks)
        {
            Restrict(capabilities, tasks);
        }

        capabilities.ConcurrentRequestLimit = settings.Capacity ?? capabilities.ConcurrentRequestLimit;
        capabilities.Weight = settings.Weight ?? capabilities.Weight;
        capabilities.Tier = settings.Tier ?? capabilities.Tier;
        foreach (var (key, value) in settings.Labels)
        {
            capabilities.Labels[key] = value;
        }
    }

    // A model that may do none of what it can do is no model any more.
    private static void Restrict(WorkerCapabilities capabilities, IReadOnlyList<string> tasks)
    {
        var allowed = new List<WorkerModel>();
        foreach (var model in capabilities.Models)
        {
            string[] features = [.. model.Features.Where(feature => !Values.Tasks.Contains(feature) || tasks.Contains(feature))];
            if (features.Any(Values.Tasks.Contains))
            {
                model.Features.Clear();
                model.Features.AddRange(features);
                allowed.Add(model);
            }
        }

        capabilities.Models.Clear();
        capabilities.Models.AddRange(allowed);
    }

    private static bool IsId(string? pattern, string id) =>
        pattern is null || (pattern.EndsWith('*') ? id.StartsWith(pattern[..^1], StringComparison.Ordinal) : id == pattern);
}

internal static class WorkerLabels
{
    public static bool Has(WorkerLease worker, string key, string value) =>
        worker.Capabilities is { } capabilities && capabilities.Labels.TryGetValue(key, out var own) && own == value;
}
