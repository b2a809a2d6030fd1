using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Workers;

namespace WhisperMesh.Router.Quality;

/// <summary>Predicts how long a second try takes: by the measured speed of the model it goes to, else as long as the first took.</summary>
internal sealed class RetryTime(DeclaredWorkers workers, IMeshConfigurationSource configuration)
{
    public TimeSpan Of(DoubtfulJob doubtful)
    {
        var model = configuration.Current.Resolve(doubtful.Settings.Retry?.Model ?? "");
        if (model.Length == 0 || model == doubtful.First.Route.Model)
        {
            return doubtful.Elapsed;
        }

        var fastest = workers.Workers
            .SelectMany(worker => worker.Load?.Models ?? [])
            .Where(state => state.ModelId == model)
            .Select(state => state.AudioSecondsPerSecond)
            .DefaultIfEmpty()
            .Max();
        return fastest > 0 ? doubtful.First.AudioDuration / fastest : doubtful.Elapsed;
    }
}
