namespace WhisperMesh.Router.Routing.Configuration.Checks;

/// <summary>What is declared of workers.</summary>
internal sealed class WorkersCheck : IMeshConfigurationCheck
{
    public IEnumerable<string> Check(MeshConfiguration configuration) =>
        configuration.Workers.SelectMany((worker, index) => Check(worker, $"workers[{index}]"));

    private static IEnumerable<string> Check(WorkerSettings worker, string path) =>
    [
        .. Match(worker.Match, $"{path}.match"),
        .. Values.Each($"{path}.languages", worker.Languages, Values.Language),
        .. Values.Each($"{path}.tasks", worker.Tasks, (at, task) => Values.OneOf(at, task, Values.Tasks)),
        .. Values.Fail(worker.Tasks is { Count: 0 }, $"{path}.tasks: is empty, which leaves the workers nothing to do."),
        .. Values.Fail(worker.Capacity < 1, $"{path}.capacity: must be at least 1."),
        .. Values.Positive($"{path}.weight", worker.Weight),
        .. Values.Fail(worker.Tier < 0, $"{path}.tier: must not be below 0."),
        .. Values.Labels($"{path}.labels", worker.Labels),
        .. Values.Fail(
            worker is { Languages: null, Tasks: null, Capacity: null, Weight: null, Tier: null, Labels.Count: 0 },
            $"{path}: declares nothing; set languages, tasks, capacity, weight, tier or labels."),
    ];

    private static IEnumerable<string> Match(WorkerMatchSettings match, string path) =>
    [
        .. Values.Text($"{path}.id", match.Id),
        .. Values.Fail(match.Id?.IndexOf('*') is { } star && star >= 0 && star < match.Id.Length - 1, $"{path}.id: * may stand at the end only."),
        .. Values.Fail(
            match.Address is not null && !Uri.TryCreate(match.Address, UriKind.Absolute, out _),
            $"{path}.address: '{match.Address}' is no address such as \"http://10.0.0.7:7001\"."),
        .. Values.Text($"{path}.model", match.Model),
        .. Values.Labels($"{path}.labels", match.Labels),
    ];
}
