using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Router.Workers.Load;

namespace WhisperMesh.Router.Workers;

/// <summary>What the workers that can serve a request take at this moment.</summary>
/// <param name="Workers">How many they are.</param>
/// <param name="Free">Requests of this class that they would take now.</param>
/// <param name="SecondsPerAudioSecond">Seconds of a worker's time for a second of audio, on average.</param>
/// <param name="Measured">Whether their speed was measured, rather than assumed.</param>
/// <param name="Latency">Usual time from start to end of such a request at the fastest; null when that is not known.</param>
internal readonly record struct WorkerRoom(
    int Workers, int Free, double SecondsPerAudioSecond, bool Measured, TimeSpan? Latency)
{
    public static WorkerRoom Of(List<WorkerCandidate> open, RoutePlan plan, double ahead)
    {
        var fit = open.FindAll(candidate => candidate.State.Health.IsAvailable);
        var candidates = fit.Count > 0 ? fit : open;
        var audio = plan.Work?.AudioSeconds ?? PredictedWork.UnknownAudioSeconds;
        var (free, seconds, measured) = (0, 0d, candidates.Count > 0);
        foreach (var (state, match) in candidates)
        {
            free += Math.Max(0, state.Places(plan.Class, ahead) - state.InFlight - state.Others);
            seconds += 1 / state.SpeedOf(match.Model.Model.Id);
            measured &= state.IsMeasured(match.Model.Model.Id);
        }

        return new WorkerRoom(candidates.Count, free, seconds / Math.Max(1, candidates.Count), measured, Shortest(candidates, audio));
    }

    // The shortest known; unknown where one of them has not been learned, which may be faster.
    private static TimeSpan? Shortest(List<WorkerCandidate> candidates, double audioSeconds)
    {
        TimeSpan? shortest = null;
        foreach (var candidate in candidates)
        {
            if (candidate.State.ExpectedLatency(audioSeconds) is not { } latency)
            {
                return null;
            }

            shortest = shortest < latency ? shortest : latency;
        }

        return shortest;
    }
}
