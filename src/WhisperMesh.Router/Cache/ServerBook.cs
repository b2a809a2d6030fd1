using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Cache;

/// <summary>Says who may serve a request, and whether someone who has is one of those.</summary>
internal sealed class ServerBook(WorkerPool pool, IWorkerDirectory directory)
{
    /// <summary>Null when nobody can serve it, which the stages after the cache tell the caller.</summary>
    public Servers? Of(TranscriptionJob job)
    {
        try
        {
            var matches = pool.Candidates(job.Requirements, job.Plan);
            return new Servers(matches, job.Plan.Quality);
        }
        catch (MeshException)
        {
            return null;
        }
    }

    public bool Knows(Servers servers, string workerId, string model) => servers.Include(directory.Workers, workerId, model);
}
