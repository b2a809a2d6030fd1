using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Model;
using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Telemetry;

namespace WhisperMesh.Whisper.Scheduling;

/// <summary>
/// Owns a model's sessions: one thread runs the encoder for windows that wait and the decoder for the rows of all that are being
/// decoded, in one batch whatever their requests, ages and lengths. Rows come and go between steps.
/// </summary>
internal sealed class BatchScheduler : IDisposable
{
    private readonly ISpeechNetwork _network;
    private readonly int _guestRows;
    private readonly RowStepper _stepper;
    private readonly ClassTurns _turns;
    private readonly Admission _admission;
    private readonly ConcurrentQueue<WindowJob> _submitted = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly WaitingJobs _waiting = new();
    private readonly List<WindowJob> _active = [];
    private readonly List<WindowJob> _inStep = [];
    private readonly Thread _thread;
    private readonly bool[] _hasWork = new bool[3];
    private readonly RequestClass[] _order = new RequestClass[3];
    private long _queuedTicks;
    private volatile int _activeRows;
    private volatile bool _stopping;
    private volatile bool _cancelled;

    public BatchScheduler(ISpeechNetwork network, SchedulerOptions options, TimeProvider time)
    {
        (_network, _guestRows) = (network, options.GuestRows);
        _stepper = new RowStepper(network, Clock);
        _turns = new ClassTurns(options.Aging, time);
        _admission = new Admission(options, network.Pool, () => _wake.Release());
        _thread = new Thread(Loop) { IsBackground = true, Name = "WhisperMesh batch" };
        _thread.Start();
    }

    public EngineClock Clock { get; } = new();

    public AttentionPool Pool => _network.Pool;

    public int ActiveRows => _activeRows;

    /// <summary>Audio of the windows that wait or are worked on.</summary>
    public TimeSpan QueuedAudio => new(Volatile.Read(ref _queuedTicks));

    /// <summary>Carries a job to its end. <see cref="WindowJob.Audio"/> is the caller's when this returns or throws.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the job has left the batch.</exception>
    public async Task RunAsync(WindowJob job, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        var audio = TimeSpan.FromSeconds(job.Seconds).Ticks;
        Interlocked.Add(ref _queuedTicks, audio);
        try
        {
            job.SubmittedAt = Stopwatch.GetTimestamp();
            using var registration = cancellationToken.UnsafeRegister(_ => Cancel(job), null);
            _submitted.Enqueue(job);
            _wake.Release();
            if (_stopping)
            {
                // Too late to be seen by the thread, perhaps: nobody else would end the job.
                _thread.Join();
                job.Fail(Stopped());
            }
            await job.Completion.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The transcription was cancelled.", cancellationToken);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new WhisperException(WhisperErrorReason.Failed, "The model failed while it worked on the request.", exception);
        }
        finally
        {
            Interlocked.Add(ref _queuedTicks, -audio);
        }
    }

    /// <summary>Ends the thread; jobs that are left fail. Waits for the run it is in.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Release();
        _thread.Join();
        _admission.Dispose();
        _stepper.Dispose();
        _wake.Dispose();
    }

    private void Cancel(WindowJob job)
    {
        job.Cancel();
        _cancelled = true;
    }

    private void Loop()
    {
        while (!_stopping)
        {
            while (_submitted.TryDequeue(out var job))
            {
                _waiting.Add(job);
            }
            if (_cancelled)
            {
                _cancelled = false;
                DropCancelled();
            }
            if (!TakeTurn())
            {
                _wake.Wait();
            }
        }
        while (_submitted.TryDequeue(out var job))
        {
            _waiting.Add(job);
        }
        _waiting.RemoveAll(static _ => true, static job => job.Fail(Stopped()));
        _active.ForEach(job => End(job, static left => left.Fail(Stopped())));
        _active.Clear();
    }

    private static ObjectDisposedException Stopped() => new(nameof(WhisperModel), "The model was unloaded.");

    private void DropCancelled()
    {
        _waiting.RemoveAll(static job => job.IsCancelled, static job => job.EndCancelled(new CancellationToken(canceled: true)));
        for (var i = _active.Count - 1; i >= 0; i--)
        {
            if (_active[i].IsCancelled)
            {
                var job = _active[i];
                _active.RemoveAt(i);
                End(job, static left => left.EndCancelled(new CancellationToken(canceled: true)));
            }
        }
    }

    /// <summary>Runs the encoder once or the decoder once, for the class whose turn it is; gives whether there was anything to do.</summary>
    private bool TakeTurn()
    {
        for (var i = 0; i < _hasWork.Length; i++)
        {
            _hasWork[i] = _waiting.Any((RequestClass)i);
        }
        foreach (var job in _active)
        {
            _hasWork[(int)job.Class] = true;
        }
        var classes = _turns.Order(_hasWork, _order);
        for (var i = 0; i < classes; i++)
        {
            var turn = _order[i];
            if (_waiting.Peek(turn) is { } next && _admission.Admits(next, _activeRows))
            {
                _waiting.Take(turn);
                _turns.Served(turn);
                Admit(next);
                return true;
            }
            if (_active.Exists(job => job.Class == turn))
            {
                _turns.Served(turn);
                Step(turn);
                return true;
            }
        }
        return false;
    }

    private void Admit(WindowJob job)
    {
        if (job.IsCancelled)
        {
            // Before it was submitted: when cancelled jobs were last looked for, it was not there yet.
            job.EndCancelled(new CancellationToken(canceled: true));
            return;
        }
        try
        {
            job.Queued += Stopwatch.GetElapsedTime(job.SubmittedAt);
            if (job.Audio is null)
            {
                var started = Stopwatch.GetTimestamp();
                job.Audio = _network.Encode(job.Mel, job.Frames, job.EncodingRun);
                var ended = Stopwatch.GetTimestamp();
                job.Encoded(started, ended, Stopwatch.GetElapsedTime(started, ended));
                Clock.Encoded(job.Encoding);
            }
            _stepper.Begin(job);
            _active.Add(job);
            _activeRows += job.Program.MaxRows;
        }
        catch (OnnxRuntimeException) when (job.IsCancelled)
        {
            job.EndCancelled(new CancellationToken(canceled: true));
        }
        catch (Exception exception)
        {
            RowStepper.Release(job);
            job.Fail(exception);
        }
    }

    private void Step(RequestClass turn)
    {
        _inStep.Clear();
        var started = Stopwatch.GetTimestamp();
        try
        {
            Gather(turn);
            _stepper.Run();
        }
        catch (Exception exception)
        {
            // Whatever it is, it is these jobs' end and not the thread's, on which all others depend.
            _inStep.ForEach(job => Leave(job, left => left.Fail(exception)));
            return;
        }
        var ended = Stopwatch.GetTimestamp();
        var rows = _network.Plan.Rows.Count;
        var share = Stopwatch.GetElapsedTime(started, ended) / rows;
        WhisperTelemetry.StepRows.Record(rows);
        foreach (var job in _inStep)
        {
            job.Stepped(started, ended, share * job.Rows.Count, rows);
            job.Clock?.Stepped(ended, rows);
            Advance(job);
        }
    }

    /// <summary>Puts together the rows of a class and those before it, and a few guests of later ones.</summary>
    private void Gather(RequestClass turn)
    {
        _stepper.Clear();
        var guests = _guestRows;
        foreach (var job in _active)
        {
            if (job.Class > turn && (job.Reading is not null || (guests -= job.Rows.Count) < 0))
            {
                continue;
            }
            // Before it is added, so that it ends with the others if that fails.
            _inStep.Add(job);
            if (!_stepper.TryAdd(job))
            {
                _inStep.RemoveAt(_inStep.Count - 1);
            }
        }
    }

    private void Advance(WindowJob job)
    {
        try
        {
            if (!_stepper.Advance(job))
            {
                Leave(job, static left => left.Complete());
            }
        }
        catch (Exception exception)
        {
            // A program's own mistake is its own request's.
            Leave(job, left => left.Fail(exception));
        }
    }

    private void Leave(WindowJob job, Action<WindowJob> end)
    {
        _active.Remove(job);
        End(job, end);
    }

    private void End(WindowJob job, Action<WindowJob> end)
    {
        _activeRows -= job.Program.MaxRows;
        RowStepper.Release(job);
        end(job);
    }
}
