using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.Router.Quality;

/// <summary>Predicts how long a second try takes: by the measured speed of the model it goes to, else as long as the first took.</summary>
internal sealed class RetryTime(IWorkerDirectory directory)
{
    public TimeSpan Of(DoubtfulJob doubtful)
    {
        if (doubtful.Settings.Retry?.Model is not { } model || model == doubtful.First.Route.Model)
        {
            return doubtful.Elapsed;
        }

        var fastest = directory.Workers
            .SelectMany(worker => worker.Load?.Models ?? [])
            .Where(state => state.ModelId == model)
            .Select(state => state.AudioSecondsPerSecond)
            .DefaultIfEmpty()
            .Max();
        return fastest > 0 ? doubtful.First.AudioDuration / fastest : doubtful.Elapsed;
    }
}
