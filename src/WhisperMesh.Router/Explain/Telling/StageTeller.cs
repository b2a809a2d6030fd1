using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Explain.Taking;

namespace WhisperMesh.Router.Explain.Telling;

/// <summary>Says where the time of a request went at the router.</summary>
internal static class StageTeller
{
    private const string Receive = "receive";
    private const string Queue = "queue";
    private const string Route = "route";
    private const string Attempt = "attempt";
    private const string Respond = "respond";

    // Shorter gaps are the time that it takes to look.
    private static readonly TimeSpan LeastGap = TimeSpan.FromTicks(1);

    public static IEnumerable<RequestStage> Tell(Journey journey)
    {
        var stages = Noted(journey).OrderBy(stage => stage.From).ThenBy(stage => stage.To).ToList();
        var last = TimeSpan.Zero;
        foreach (var stage in stages)
        {
            // What lies between two things that were noted is the router's own: a choice, or the pause before another try.
            if (stage.From - last >= LeastGap && last > TimeSpan.Zero)
            {
                yield return Of(Route, last, stage.From);
            }

            yield return Of(stage.Name, stage.From, stage.To, stage.Attempt);
            last = stage.To > last ? stage.To : last;
        }

        if (journey.Elapsed > last)
        {
            yield return Of(journey.Attempts.Count > 0 ? Respond : Route, last, journey.Elapsed);
        }
    }

    private static IEnumerable<(string Name, TimeSpan From, TimeSpan To, int Attempt)> Noted(Journey journey)
    {
        if (journey.Received != 0)
        {
            yield return (Receive, TimeSpan.Zero, journey.Since(journey.Received), 0);
        }

        foreach (var (from, to) in journey.Waits)
        {
            yield return (Queue, journey.Since(from), Until(to), 0);
        }

        for (var i = 0; i < journey.Attempts.Count; i++)
        {
            var attempt = journey.Attempts[i];
            yield return (Attempt, journey.Since(attempt.Begin), Until(attempt.End), i + 1);
        }

        TimeSpan Until(long timestamp) => timestamp == 0 ? journey.Elapsed : journey.Since(timestamp);
    }

    private static RequestStage Of(string name, TimeSpan from, TimeSpan to, int attempt = 0) => new()
    {
        Name = name,
        StartOffset = Duration.FromTimeSpan(from),
        StageDuration = Duration.FromTimeSpan(to > from ? to - from : TimeSpan.Zero),
        Attempt = attempt,
    };
}
