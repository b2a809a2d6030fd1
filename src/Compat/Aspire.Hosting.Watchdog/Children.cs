using System.Collections.Concurrent;

namespace Aspire.Hosting.Watchdog;

/// <summary>The processes that run for the AppHost, by the ids that it gave them.</summary>
internal sealed class Children(ReportWriter reports)
{
    private readonly ConcurrentDictionary<int, Child> _children = new();

    public void Handle(Request request)
    {
        switch (request.Kind)
        {
            case RequestKind.Start:
                Start(request);
                break;
            case RequestKind.Terminate when _children.TryGetValue(request.Id, out var child):
                child.Terminate();
                break;
            case RequestKind.Kill when _children.TryGetValue(request.Id, out var child):
                child.Kill();
                break;
            case RequestKind.ForgetSecret when _children.TryGetValue(request.Id, out var child):
                child.ForgetSecret();
                break;
        }
    }

    /// <summary>Asks all to end and waits for that, at most as long as <paramref name="patience"/>.</summary>
    public async Task EndAllAsync(TimeSpan patience)
    {
        var remaining = _children.Values.ToArray();
        foreach (var child in remaining)
        {
            child.Terminate();
        }

        try
        {
            await Task.WhenAll(remaining.Select(child => child.Exited)).WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            // Killing the group comes next in any case.
        }

        foreach (var child in remaining)
        {
            child.ForgetSecret();
        }
    }

    private void Start(Request request)
    {
        var child = new Child(request, reports);
        _children[request.Id] = child;
        _ = FollowAsync(request.Id, child);
    }

    private async Task FollowAsync(int id, Child child)
    {
        using (child)
        {
            await child.RunAsync();
            _children.TryRemove(id, out _);
        }
    }
}
