namespace WhisperMesh.Router.Routing.Configuration.Checks;

/// <summary>Models: names that mean one model each, and fallbacks that lead somewhere and not in a circle.</summary>
internal sealed class ModelsCheck : IMeshConfigurationCheck
{
    public IEnumerable<string> Check(MeshConfiguration configuration) => Names(configuration).Concat(Fallbacks(configuration));

    private static IEnumerable<string> Names(MeshConfiguration configuration)
    {
        var taken = configuration.Models.Keys.ToDictionary(id => id, id => id, StringComparer.Ordinal);
        foreach (var (id, model) in configuration.Models)
        {
            if (string.IsNullOrWhiteSpace(id))
            {
                yield return "models: a model has no name.";
            }

            for (var i = 0; i < model.Aliases.Count; i++)
            {
                var (path, alias) = ($"models.{id}.aliases[{i}]", model.Aliases[i]);
                foreach (var error in Values.Text(path, alias))
                {
                    yield return error;
                }

                if (!taken.TryAdd(alias, id))
                {
                    yield return alias == taken[alias]
                        ? $"{path}: '{alias}' is a model of its own."
                        : $"{path}: '{alias}' leads to the model '{taken[alias]}' already.";
                }
            }
        }
    }

    private static IEnumerable<string> Fallbacks(MeshConfiguration configuration)
    {
        var references = new ModelReferences(configuration);
        foreach (var (id, model) in configuration.Models)
        {
            foreach (var error in Values.Each($"models.{id}.fallbacks", model.Fallbacks, references.Check))
            {
                yield return error;
            }
        }

        foreach (var id in configuration.Models.Keys)
        {
            // Each circle is told once, at the first of its models.
            if (Circle(configuration, id) is { } circle && circle.Min(StringComparer.Ordinal) == id)
            {
                yield return $"models.{id}.fallbacks: they lead in a circle: {string.Join(" → ", circle)} → {id}.";
            }
        }
    }

    /// <summary>The way from a model over fallbacks back to itself, or null.</summary>
    private static List<string>? Circle(MeshConfiguration configuration, string start)
    {
        var way = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return Follow(start) ? way : null;

        bool Follow(string id)
        {
            way.Add(id);
            if (configuration.Models.TryGetValue(id, out var model))
            {
                foreach (var next in model.Fallbacks.Select(configuration.Resolve))
                {
                    if (next == start || (seen.Add(next) && Follow(next)))
                    {
                        return true;
                    }
                }
            }

            way.RemoveAt(way.Count - 1);
            return false;
        }
    }
}

/// <summary>
/// What may name a model. Workers bring models that no file knows; but where the file lists models, a name that is not among them is
/// a slip of the pen.
/// </summary>
internal sealed class ModelReferences(MeshConfiguration configuration)
{
    private readonly HashSet<string> _known =
    [
        .. configuration.Models.SelectMany(entry => entry.Value.Aliases.Prepend(entry.Key)),
        .. configuration.Upstreams.SelectMany(upstream => upstream.Models).Select(model => model.As ?? model.Id),
    ];

    public IEnumerable<string> Check(string path, string model) =>
        Values.Fail(
            configuration.Models.Count > 0 && !_known.Contains(model),
            $"{path}: '{model}' is not among the models; list it there, as \"{model}\": {{}}, if some worker serves it.");
}
