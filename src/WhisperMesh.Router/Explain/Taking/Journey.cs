using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Explain.Storing;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Explain.Taking;

/// <summary>
/// What one request has gone through so far. Written to while it runs, cheaply: numbers and references. What is told of it is made
/// after its reply, or when someone asks. Holds no text, no audio and no key. Thread-safe: <see cref="Gate"/> guards all that changes.
/// </summary>
internal sealed class Journey
{
    // A stream that seeks a worker for long seeks often.
    private const int MostChoices = 50;
    private const int MostAttempts = 100;

    private readonly Journeys _all;
    private readonly TimeProvider _time;
    private readonly List<Choice> _choices = [];
    private readonly List<JourneyAttempt> _attempts = [];
    private readonly List<JudgedResult> _judged = [];
    private readonly List<(long From, long To)> _waits = [];
    private bool _handedOver;

    public Journey(Journeys all, TimeProvider time, string tenant, string operation, string protocol)
    {
        (_all, _time, Tenant, Operation, Protocol) = (all, time, tenant, operation, protocol);
        CreatedAt = time.GetUtcNow();
        Begin = time.GetTimestamp();
        TraceId = Activity.Current?.TraceId ?? default;
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

    public string SessionId { get; private set; } = "";

    /// <summary>Null: it is no live session.</summary>
    public LiveJourney? Live { get; private set; }

    public ScoreSheet Scores { get; } = new();

    public IReadOnlyList<Choice> Choices => _choices;

    public IReadOnlyList<JourneyAttempt> Attempts => _attempts;

    public IReadOnlyList<JudgedResult> Judged => _judged;

    /// <summary>Waits for leave to go to a worker; the end of one that lasts is 0.</summary>
    public IReadOnlyList<(long From, long To)> Waits => _waits;

    /// <summary>What workers are sought for from here on.</summary>
    public string Purpose { get; set; } = Purposes.Work;

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

    public void OnReceived() => Received = _time.GetTimestamp();

    public void OnRouted(RoutePlan plan) => Plan = plan;

    public void BeginWait()
    {
        lock (Gate)
        {
            _waits.Add((_time.GetTimestamp(), 0));
        }
    }

    public void EndWait()
    {
        lock (Gate)
        {
            _waits[^1] = (_waits[^1].From, _time.GetTimestamp());
        }
    }

    /// <summary>A worker is about to be chosen; null: too many were already.</summary>
    public Choice? BeginChoice(
        string purpose, IReadOnlyList<WorkerLease> workers, WorkerRequirements requirements, RoutePlan plan, IReadOnlySet<string> tried)
    {
        lock (Gate)
        {
            if (_choices is [.., { ChosenId: null }])
            {
                _choices.RemoveAt(_choices.Count - 1);
            }

            if (_choices.Count == MostChoices)
            {
                return null;
            }

            var choice = new Choice(_time.GetTimestamp(), purpose, workers, requirements, plan, tried);
            _choices.Add(choice);
            return choice;
        }
    }

    /// <summary>A worker is tried; null: too many were already.</summary>
    public JourneyAttempt? BeginAttempt(int number, string purpose, WorkerHold worker)
    {
        lock (Gate)
        {
            if (_attempts.Count == MostAttempts)
            {
                return null;
            }

            var attempt = new JourneyAttempt(_time, number, purpose, worker);
            _attempts.Add(attempt);
            return attempt;
        }
    }

    public void OnStarted(RouteTaken? route) => Route = route?.Clone() ?? Route;

    public void OnSegment(TranscriptSegment segment)
    {
        lock (Gate)
        {
            Scores.Add(Score.Of(segment));
        }
    }

    public void OnRestarted()
    {
        lock (Gate)
        {
            Scores.Clear();
        }
    }

    public void OnSummary(TranscriptionSummary summary) => (Summary, Route) = (summary, summary.Route ?? Route);

    public void OnSummary(SynthesisSummary summary) => (Speech, Route) = (summary, summary.Route ?? Route);

    /// <summary>The settings for quality had a result made again; this is one of the two.</summary>
    public void OnJudged(string purpose, Quality.JudgedResult result, bool kept)
    {
        var told = new JudgedResult
        {
            Purpose = purpose,
            WorkerId = result.WorkerId,
            Model = result.Route.Model,
            DoubtfulDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(result.Quality.DoubtfulSeconds)),
            SpeechDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(result.Quality.Seconds)),
            Confidence = result.Quality.Confidence,
            Doubts = { result.Quality.Doubts },
            Kept = kept,
        };
        lock (Gate)
        {
            _judged.Add(told);
        }
    }

    /// <summary>It has failed; the first reason counts.</summary>
    /// <param name="exception">Why.</param>
    /// <param name="cancelled">Whether its caller had gone.</param>
    public void Fail(Exception exception, bool cancelled = false)
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

    /// <summary>The reply is out.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="failure">What it says is wrong; null: nothing.</param>
    public void OnReplied(string status, JourneyFailure? failure)
    {
        lock (Gate)
        {
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

    /// <summary>What a live session of this name is noted in, which outlives its connection.</summary>
    public Journey ForSession(string id)
    {
        var session = id == Id && !_handedOver ? this : new Journey(_all, _time, Tenant, Operation, Protocol).Named(id);
        (session._handedOver, session.Live) = (true, new LiveJourney());
        SessionId = session == this ? "" : id;
        return session;
    }

    /// <summary>This connection goes on with a session that another began.</summary>
    public void JoinSession(Journey? session, string id)
    {
        SessionId = id;
        session?.OnLive(live => live.OnResumed(_time.GetTimestamp()));
    }

    public void OnLiveEvent(LiveSessionInfo session, StreamLiveResponse message)
    {
        OnLive(live => live.OnEvent(_time.GetTimestamp(), session, message));
        Route = message.Started?.Route ?? message.Summary?.Route ?? Route;
        if (message.Final?.Segment is { Text.Length: > 0 } segment)
        {
            OnSegment(segment);
        }
    }

    /// <summary>The live session is over.</summary>
    /// <param name="failure">Why it failed; null: it went well.</param>
    public void EndSession(Exception? failure)
    {
        if (failure is not null)
        {
            Fail(failure, failure is ServiceDefaults.Errors.MeshException { StatusCode: global::Grpc.Core.StatusCode.Cancelled });
        }

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

    private void Fail(JourneyFailure failure) => (State, Failure, Status) = (RequestState.Failed, failure, failure.Status);

    private void OnLive(Action<LiveJourney> note)
    {
        lock (Gate)
        {
            if (Live is { } live)
            {
                note(live);
            }
        }
    }
}

/// <summary>How requests come, as records name it.</summary>
internal static class Protocols
{
    public const string Http = "http";
    public const string Grpc = "grpc";
    public const string WebSocket = "websocket";
}
