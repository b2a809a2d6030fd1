using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Model;
using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Whisper.Scheduling;

/// <summary>Carries jobs through decoder steps. Of the scheduler's thread; allocates nothing for rows that read a token each.</summary>
internal sealed class RowStepper(ISpeechNetwork network, EngineClock clock) : IDisposable
{
    private readonly RunOptions _run = new();
    private readonly List<RowStep> _next = [];
    private readonly List<JobRow> _rows = [];

    /// <summary>Gives a job its first row.</summary>
    public void Begin(WindowJob job)
    {
        job.Rows.Add(new JobRow(new SelfMemory(network.Pool), 0));
        job.Reading = job.Program.Begin(job.Audio!);
    }

    /// <summary>Takes a job's rows from it.</summary>
    public static void Release(WindowJob job)
    {
        foreach (var row in job.Rows)
        {
            row.Past.Dispose();
        }
        job.Rows.Clear();
    }

    /// <summary>Starts a new step.</summary>
    public void Clear() => network.Plan.Clear();

    /// <summary>Adds a job's rows to the step if there is room.</summary>
    public bool TryAdd(WindowJob job)
    {
        var plan = network.Plan;
        var (tokens, logits) = job.Reading is { } first ? (first.Tokens.Length, first.LogitsAt.Length) : (job.Rows.Count, job.Rows.Count);
        if (tokens > plan.FreeTokens || logits > plan.FreeLogits)
        {
            return false;
        }
        (job.FirstLogits, job.LogitCount) = (plan.LogitCount, logits);
        if (job.Reading is { } reading)
        {
            plan.Add(job.Audio!, job.Rows[0].Past, reading.Tokens, reading.Scores);
            foreach (var token in reading.LogitsAt)
            {
                plan.WantLogits(token);
            }
            return true;
        }
        foreach (var row in job.Rows)
        {
            var token = row.Token;
            plan.Add(job.Audio!, row.Past, new ReadOnlySpan<int>(in token));
            plan.WantLogits(0);
        }
        return true;
    }

    /// <summary>Runs the step.</summary>
    public void Run()
    {
        var started = Stopwatch.GetTimestamp();
        network.Step(_run);
        clock.Step(Stopwatch.GetElapsedTime(started), network.Plan);
    }

    /// <summary>Hands a job its logits; gives whether it goes on.</summary>
    public bool Advance(WindowJob job)
    {
        var started = Stopwatch.GetTimestamp();
        _next.Clear();
        var vocabulary = network.Vocabulary;
        var logits = network.Logits.Slice(job.FirstLogits * vocabulary, job.LogitCount * vocabulary);
        job.FirstLogits = -1;
        job.Reading = job.Program.Advance(new LogitRows(logits, vocabulary), _next);
        if (job.Reading is null)
        {
            Succeed(job);
        }
        clock.Search(Stopwatch.GetElapsedTime(started));
        return job.Rows.Count > 0;
    }

    public void Dispose() => _run.Dispose();

    /// <summary>The job's rows give way to those of the next step. A row with one heir hands its memory on; with more, forks it.</summary>
    private void Succeed(WindowJob job)
    {
        job.Tokens += _next.Count;
        _rows.Clear();
        _rows.AddRange(job.Rows);
        job.Rows.Clear();
        var old = CollectionsMarshal.AsSpan(_rows);
        for (var i = 0; i < _next.Count; i++)
        {
            var (parent, token) = _next[i];
            var past = IsLastHeir(i) ? old[parent].Past : old[parent].Past.Fork();
            job.Rows.Add(new JobRow(past, token));
        }
        for (var parent = 0; parent < old.Length; parent++)
        {
            if (!HasHeir(parent))
            {
                old[parent].Past.Dispose();
            }
        }
    }

    private bool IsLastHeir(int index)
    {
        for (var later = index + 1; later < _next.Count; later++)
        {
            if (_next[later].Parent == _next[index].Parent)
            {
                return false;
            }
        }
        return true;
    }

    private bool HasHeir(int parent)
    {
        foreach (var step in _next)
        {
            if (step.Parent == parent)
            {
                return true;
            }
        }
        return false;
    }
}
