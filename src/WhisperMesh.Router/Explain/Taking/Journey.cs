using System.Diagnostics;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Explain.Storing;
using WhisperMesh.Router.Routing;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Explain.Taking;

/// <summary>
/// What one request has gone through so far. Written to while it runs, cheaply: numbers and references. What is told of it is made
/// after its reply, or when someone asks. Holds no audio and no key, and no text unless the tenant keeps that. Thread-safe: <see cref="Gate"/> guards all that changes.
/// </summary>
internal sealed partial class Journey
{
    private readonly Journeys _all;
    private readonly TimeProvider _time;

    public Journey(Journeys all, TimeProvider time, string tenant, string operation, string protocol, ActivityTraceId traceId)
    {
        (_all, _time, Tenant, Operation, Protocol) = (all, time, tenant, operation, protocol);
        CreatedAt = time.GetUtcNow();
        Begin = time.GetTimestamp();
        TraceId = traceId;
    }

    public Lock Gate { get; } = new();

    /// <summary>Empty until the request has said what it is called.</summary>
    public string Id { get; private set; } = "";

    public string Tenant { get; }

    public string Protocol { get; }

    public string Operation { get; private set; }

    public DateTimeOffset CreatedAt { get; }

    public ActivityTraceId TraceId { get; }

    public long Begin { get; }

    /// <summary>When all of it had come in; 0: it has not, or that was not noted.</summary>
    public long Received { get; private set; }

    /// <summary>0: it runs.</summary>
    public long End { get; private set; }

    public RequestState State { get; private set; } = RequestState.Running;

    public string Status { get; private set; } = "";

    public JourneyFailure? Failure { get; private set; }

    public RequestWishes? Wishes { get; private set; }

    public RoutePlan? Plan { get; private set; }

    public RouteTaken? Route { get; private set; }

    public TranscriptionSummary? Summary { get; private set; }

    public SynthesisSummary? Speech { get; private set; }

    public static Journey? Of(HttpContext context) => context.Features.Get<Journey>();

    public TimeSpan Since(long timestamp) => timestamp <= Begin ? TimeSpan.Zero : _time.GetElapsedTime(Begin, timestamp);

    public TimeSpan Elapsed => Since(End == 0 ? _time.GetTimestamp() : End);

    /// <summary>From here on it can be asked for by this name.</summary>
    public Journey Named(string id)
    {
        Id = id;
        _all.OnNamed(this);
        return this;
    }

    public void OnWishes(RequestWishes wishes, string? operation = null)
    {
        lock (Gate)
        {
            (Wishes, Operation) = (wishes, operation ?? Operation);
        }
    }

    public void OnReceived()
    {
        lock (Gate)
        {
            Received = _time.GetTimestamp();
        }
    }

    /// <summary>It has failed; the first reason counts. A live session does not fail with its connection.</summary>
    /// <param name="exception">Why.</param>
    /// <param name="cancelled">Whether its caller had gone.</param>
    public void Fail(Exception exception, bool cancelled = false)
    {
        if (!_handedOver)
        {
            FailBy(exception, cancelled);
        }
    }

    /// <summary>The reply is out.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="failure">What it says is wrong; null: nothing.</param>
    public void OnReplied(string status, JourneyFailure? failure)
    {
        lock (Gate)
        {
            if (_handedOver)
            {
                return;
            }

            if (failure is not null && State == RequestState.Running)
            {
                Fail(failure);
            }

            Status = Status.Length > 0 ? Status : status;
        }
    }

    /// <summary>Its connection is done with it.</summary>
    /// <param name="id">Its name, where it has none yet.</param>
    public void Leave(string id)
    {
        if (_handedOver)
        {
            return;
        }

        Id = Id.Length > 0 ? Id : id;
        Finish();
    }

    private void Finish()
    {
        lock (Gate)
        {
            if (End != 0)
            {
                return;
            }

            End = _time.GetTimestamp();
            State = State == RequestState.Running ? RequestState.Served : State;
        }

        // What went on with another's session under its name is told there.
        _all.OnEnded(this, isTold: SessionId != Id);
    }

    private void FailBy(Exception exception, bool cancelled)
    {
        lock (Gate)
        {
            if (State != RequestState.Running)
            {
                return;
            }

            if (cancelled || exception is OperationCanceledException)
            {
                State = RequestState.Cancelled;
            }
            else
            {
                Fail(JourneyFailure.Of(exception, Protocol == Protocols.Grpc));
            }
        }
    }

    private void Fail(JourneyFailure failure) => (State, Failure, Status) = (RequestState.Failed, failure, failure.Status);
}
