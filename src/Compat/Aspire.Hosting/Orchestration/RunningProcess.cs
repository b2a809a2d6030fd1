using Aspire.Hosting.Watchdog;

namespace Aspire.Hosting.Orchestration;

/// <summary>A process that the watchdog started for us.</summary>
internal sealed class RunningProcess(int id, Action<string, bool> onLine, Action<Request> send)
{
    private readonly TaskCompletionSource<int> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The process id, or an exception that says why it did not start.</summary>
    public Task<int> Started => _started.Task;

    /// <summary>The exit code.</summary>
    public Task<int> Exited => _exited.Task;

    public void Terminate() => send(new Request(RequestKind.Terminate, id));

    public void Kill() => send(new Request(RequestKind.Kill, id));

    public void ForgetSecret() => send(new Request(RequestKind.ForgetSecret, id));

    public void OnReport(Report report)
    {
        switch (report.Kind)
        {
            case ReportKind.Started:
                _started.TrySetResult(report.ProcessId);
                break;
            case ReportKind.NotStarted:
                Fail(report.Text);
                break;
            case ReportKind.OutputLine or ReportKind.ErrorLine:
                onLine(report.Text, report.Kind == ReportKind.ErrorLine);
                break;
            case ReportKind.Exited:
                _exited.TrySetResult(report.ExitCode);
                break;
        }
    }

    public void Fail(string reason)
    {
        _started.TrySetException(new DistributedApplicationException(reason));
        _exited.TrySetResult(-1);
    }
}
