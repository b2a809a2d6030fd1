namespace WhisperMesh.Whisper.Scheduling;

/// <summary>Jobs that wait for rows, in order of arrival within their class. Not thread-safe.</summary>
internal sealed class WaitingJobs
{
    private readonly LinkedList<WindowJob>[] _classes = [new(), new(), new()];

    public void Add(WindowJob job) => _classes[(int)job.Class].AddLast(job);

    public bool Any(RequestClass requestClass) => _classes[(int)requestClass].Count > 0;

    public WindowJob? Peek(RequestClass requestClass) => _classes[(int)requestClass].First?.Value;

    public void Take(RequestClass requestClass) => _classes[(int)requestClass].RemoveFirst();

    public void RemoveAll(Func<WindowJob, bool> isUnwanted, Action<WindowJob> removed)
    {
        foreach (var jobs in _classes)
        {
            for (var node = jobs.First; node is not null;)
            {
                var next = node.Next;
                if (isUnwanted(node.Value))
                {
                    jobs.Remove(node);
                    removed(node.Value);
                }
                node = next;
            }
        }
    }
}
