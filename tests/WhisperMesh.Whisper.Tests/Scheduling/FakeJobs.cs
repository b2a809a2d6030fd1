using WhisperMesh.Whisper.Scheduling;

namespace WhisperMesh.Whisper.Tests.Scheduling;

/// <summary>Jobs for a <see cref="FakeNetwork"/>, and places to stop it at.</summary>
internal static class FakeJobs
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(
        this BatchScheduler scheduler, int window, RequestClass requestClass, RowProgram program, CancellationToken cancellationToken = default)
    {
        using var job = new WindowJob(requestClass, program, 10) { Mel = new float[] { window }, Frames = 1000 };
        try
        {
            await scheduler.RunAsync(job, cancellationToken);
        }
        finally
        {
            job.Audio?.Dispose();
        }
    }

    /// <summary>Holds the network before the first run that matches, until opened.</summary>
    public static (Task Reached, TaskCompletionSource Gate) HoldAt(this FakeNetwork network, Func<string, bool> run)
    {
        var (reached, gate) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        network.BeforeRun = name =>
        {
            if (!reached.Task.IsCompleted && run(name))
            {
                reached.SetResult();
                gate.Task.Wait(Bound);
            }
        };
        return (reached.Task.WaitAsync(Bound), gate);
    }

    public static bool IsStep(string run) => run.StartsWith("step", StringComparison.Ordinal);

    public static string[] Windows(string run) => run.Split(' ')[1].Split(',');
}
