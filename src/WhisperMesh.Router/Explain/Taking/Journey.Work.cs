using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Explain.Taking;

/// <summary>The way to workers: waits, choices, tries, and what their results are worth.</summary>
internal sealed partial class Journey
{
    // A stream that seeks a worker for long seeks often.
    private const int MostChoices = 50;
    private const int MostAttempts = 100;

    private readonly List<Choice> _choices = [];
    private readonly List<JourneyAttempt> _attempts = [];
    private readonly List<JudgedResult> _judged = [];
    private readonly List<(long From, long To)> _waits = [];

    public ScoreSheet Scores { get; } = new();

    public IReadOnlyList<Choice> Choices => _choices;

    public IReadOnlyList<JourneyAttempt> Attempts => _attempts;

    public IReadOnlyList<JudgedResult> Judged => _judged;

    /// <summary>Waits for leave to go to a worker; the end of one that lasts is 0.</summary>
    public IReadOnlyList<(long From, long To)> Waits => _waits;

    /// <summary>What workers are sought for from here on.</summary>
    public string Purpose { get; set; } = Purposes.Work;

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

    public void OnRouted(RoutePlan plan)
    {
        lock (Gate)
        {
            Plan = plan;
        }
    }

    public void OnStarted(RouteTaken? route)
    {
        lock (Gate)
        {
            Route = route?.Clone() ?? Route;
        }
    }

    public void OnSummary(TranscriptionSummary summary)
    {
        lock (Gate)
        {
            (Summary, Route) = (summary, summary.Route ?? Route);
        }
    }

    public void OnSummary(SynthesisSummary summary)
    {
        lock (Gate)
        {
            (Speech, Route) = (summary, summary.Route ?? Route);
        }
    }

    public void OnSegment(TranscriptSegment segment)
    {
        lock (Gate)
        {
            Scores.Add(Score.Of(segment, Plan is { KeepsText: true }));
        }
    }

    /// <summary>What was heard, where the tenant keeps that; at most so many characters.</summary>
    public string Text(int limit)
    {
        lock (Gate)
        {
            return Scores.Text(limit);
        }
    }

    public void OnRestarted()
    {
        lock (Gate)
        {
            Scores.Clear();
        }
    }

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
}
