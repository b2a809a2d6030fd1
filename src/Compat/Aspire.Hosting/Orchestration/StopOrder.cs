using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// The order of stopping: first what nothing else waits for, and the dashboard last, so that it sees the end of the others.
/// </summary>
internal static class StopOrder
{
    public static IEnumerable<IReadOnlyList<InstanceControl>> Of(IReadOnlyList<InstanceControl> instances)
    {
        var left = instances.ToList();
        while (left.Count > 0)
        {
            var needed = left.SelectMany(each => each.Instance.Resource.Annotations.OfType<WaitAnnotation>())
                .Select(wait => wait.Resource).ToHashSet();
            var wave = left
                .Where(each => !needed.Contains(each.Instance.Resource) && each.Instance.Resource is not DashboardResource)
                .ToList();
            if (wave.Count == 0)
            {
                // Only the dashboard is left, or resources that wait for each other.
                wave = left.ToList();
            }

            yield return wave;
            left.RemoveAll(wave.Contains);
        }
    }
}
