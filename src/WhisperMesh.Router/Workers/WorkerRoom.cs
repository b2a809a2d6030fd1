using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Router.Workers.Load;

namespace WhisperMesh.Router.Workers;

/// <summary>What the workers that can serve a request take at this moment.</summary>
/// <param name="Workers">How many they are.</param>
/// <param name="Free">Requests of this class that they would take now.</param>
/// <param name="Limit">Requests that they work on at once.</param>
/// <param name="SecondsPerAudioSecond">Seconds of a worker's time for a second of audio, on average.</param>
/// <param name="Pace">Usual normalised latency of the fastest for audio of this length, as <see cref="LatencyCurve"/> has it; null when that is not known.</param>
internal readonly record struct WorkerRoom(
    int Workers, int Free, int Limit, double SecondsPerAudioSecond, double? Pace)
{
    public static WorkerRoom Of(List<WorkerCandidate> candidates, RoutePlan plan, double ahead)
    {
        var (free, limit, seconds) = (0, 0, 0d);
        foreach (var (state, match) in candidates)
        {
            free += Math.Max(0, state.Places(plan.Class, ahead) - state.Occupied);
            seconds += 1 / state.SpeedOf(match.Model.Model.Id);
            limit += state.Limit;
        }

        return new WorkerRoom(candidates.Count, free, limit, seconds / Math.Max(1, candidates.Count), Fastest(candidates, plan));
    }

    /// <summary>Usual time from start to end of a request; null when that is not known, or can't be: of a stream that still grows.</summary>
    public TimeSpan? LatencyOf(PredictedWork work) =>
        Pace is { } pace && work.Complete ? LatencyCurve.Denormalize(pace, work.AudioSeconds) : null;

    /// <summary>Seconds of work that they should get done per second, as their latency shows; null when nothing was learned.</summary>
    public double? WorkPerSecond(PredictedWork work) => Pace is { } pace
        ? Limit * work.AudioSeconds * SecondsPerAudioSecond / LatencyCurve.Denormalize(pace, work.AudioSeconds).TotalSeconds
        : null;

    // The fastest known; unknown where one of them has not been learned, which may be faster.
    private static double? Fastest(List<WorkerCandidate> candidates, RoutePlan plan)
    {
        var audioSeconds = plan.Work?.AudioSeconds ?? PredictedWork.UnknownAudioSeconds;
        double? fastest = null;
        foreach (var candidate in candidates)
        {
            if (candidate.State.PaceOf(audioSeconds) is not { } pace)
            {
                return null;
            }

            fastest = fastest < pace ? fastest : pace;
        }

        return fastest;
    }
}
