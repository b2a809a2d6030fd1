using Microsoft.Extensions.Options;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Models;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Realtime;

/// <summary>Checks settings when they are given, so that the client learns of a bad one before it sends audio.</summary>
internal sealed class RealtimeSettingsCheck(ModelCatalog catalog, KnownModels known, IOptions<RouterOptions> options)
{
    /// <exception cref="MeshException">A value is bad; the field is named as in the contract.</exception>
    public void Check(RealtimeSettings settings)
    {
        LiveChecks.Check(LiveWishes.Of(settings), options.Value);
        if (settings.Model.Length > 0 && !Exists(settings.Model))
        {
            throw RouterErrors.ModelNotFound(RequestChecks.Shortened(settings.Model));
        }
    }

    private bool Exists(string name) =>
        known.IsKnown(ModelKind.Transcription, name)
        || catalog.List().Any(entry =>
            entry.Model.Kind == ModelKind.Transcription && (entry.Model.Id == name || entry.Model.Aliases.Contains(name)));
}
