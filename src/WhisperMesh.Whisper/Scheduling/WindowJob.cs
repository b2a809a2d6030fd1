using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Whisper.Scheduling;

/// <summary>A window that is to be encoded (unless it has been) and then decoded by a program. Its fields are the scheduler's.</summary>
internal sealed class WindowJob : IDisposable
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RunOptions _encoding = new();
    private readonly StageTime[] _stages = new StageTime[StageTime.Count];
    private volatile bool _cancelled;

    /// <param name="requestClass">How urgent it is.</param>
    /// <param name="program">What its rows do.</param>
    /// <param name="seconds">Audio it stands for.</param>
    public WindowJob(RequestClass requestClass, RowProgram program, double seconds) =>
        (Class, Program, Seconds) = (requestClass, program, seconds);

    public RequestClass Class { get; }

    public RowProgram Program { get; }

    public double Seconds { get; }

    /// <summary>The log-mel to be encoded, [80, <see cref="Frames"/>]; pinned.</summary>
    public Memory<float> Mel { get; init; }

    public int Frames { get; init; }

    /// <summary>The encoded window: given, or made out of <see cref="Mel"/>. Whoever submits the job owns it.</summary>
    public CrossMemory? Audio { get; set; }

    /// <summary>Ends when the program is over; carries what went wrong.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Counts the steps of its request; null where nobody asks.</summary>
    public RequestClock? Clock { get; init; }

    /// <summary>Waiting for the encoder, or for a row.</summary>
    public TimeSpan Queued { get; set; }

    /// <summary>Runs of the encoder.</summary>
    public TimeSpan Encoding => Of(Stage.Encoder).Busy;

    /// <summary>Its share of decoder steps, by rows.</summary>
    public TimeSpan Decoding { get; private set; }

    /// <summary>Tokens chosen, of all its rows; the end of a text is none.</summary>
    public int Tokens { get; set; }

    internal long SubmittedAt { get; set; }

    internal List<JobRow> Rows { get; } = [];

    /// <summary>What the one row reads next; null when each row reads its token.</summary>
    internal Reading? Reading { get; set; }

    /// <summary>Its first row of logits in the running step, or −1 when it takes no part.</summary>
    internal int FirstLogits { get; set; } = -1;

    internal int LogitCount { get; set; }

    internal RunOptions EncodingRun => _encoding;

    internal bool IsCancelled => _cancelled;

    /// <summary>What the runs of a stage took.</summary>
    public ref readonly StageTime Of(Stage stage) => ref _stages[(int)stage];

    internal void Encoded(long begin, long end, TimeSpan elapsed) => _stages[(int)Stage.Encoder].Add(begin, end, elapsed, rows: 1);

    internal void Stepped(long begin, long end, TimeSpan share, int rows)
    {
        Decoding += share;
        _stages[(int)(Reading is null ? Stage.Decoder : Program.Reads)].Add(begin, end, share, rows);
    }

    /// <summary>Gives the job up: a run of the encoder for it ends at its next node, its rows leave before the next step.</summary>
    internal void Cancel()
    {
        _cancelled = true;
        _encoding.Terminate = true;
    }

    internal void Complete() => _completion.TrySetResult();

    internal void Fail(Exception exception) => _completion.TrySetException(exception);

    internal void EndCancelled(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);

    public void Dispose() => _encoding.Dispose();
}

/// <summary>A row of a job: what it has read, and the token that it reads next.</summary>
internal readonly record struct JobRow(SelfMemory Past, int Token);
