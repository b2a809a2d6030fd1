using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Routing;

/// <summary>Refuses before its upload what nobody could serve, whatever the fields are that are still to come.</summary>
internal sealed class EarlyRouteCheck(IRoutePlanner planner, WorkerPool pool)
{
    /// <exception cref="ServiceDefaults.Errors.MeshException">No worker of any route could serve it.</exception>
    public void Check(TranscriptionConfig known, RequestOrigin origin)
    {
        var sofar = TranscriptionRequirements.Of(known, CompressedAudio.None) with
        {
            Model = planner.ResolveModel(known.Model),
            IsLanguageOpen = true,
        };

        // Which languages there are depends on the model, which may come later.
        var requirements = known.Model.Length > 0 ? sofar : sofar with { Language = "", AllowedLanguages = [] };
        pool.Check(requirements, planner.Widest(origin, requirements));
    }
}
