using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Transcription.Models;

/// <summary>A model can't be loaded, for reasons that an operator can remove.</summary>
/// <param name="errors">One sentence each, naming the file or setting.</param>
internal sealed class ModelLoadException(params IReadOnlyList<string> errors) : Exception(string.Join(' ', errors))
{
    /// <summary>One sentence each.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}

/// <summary>Why a model could not be loaded.</summary>
/// <param name="StatusCode">Status of the requests that need it.</param>
/// <param name="Reason">Reason of their error.</param>
/// <param name="Message">For callers: names files, not where they lie.</param>
/// <param name="Errors">For the operator, with full paths.</param>
internal sealed record ModelFailure(StatusCode StatusCode, string Reason, string Message, IReadOnlyList<string> Errors)
{
    public static ModelFailure From(Exception exception, ModelDefinition model)
    {
        if (exception is not ModelLoadException broken)
        {
            var message = $"Model '{model.Name}' could not be loaded; the log says why.";
            return new ModelFailure(StatusCode.Unavailable, ErrorReasons.ModelLoadFailed, message, [message]);
        }

        var folder = Path.TrimEndingDirectorySeparator(model.Folder) + Path.DirectorySeparatorChar;
        return new ModelFailure(
            StatusCode.FailedPrecondition,
            ErrorReasons.ModelBroken,
            $"Model '{model.Name}' can't be loaded: {broken.Message.Replace(folder, "", StringComparison.Ordinal)}",
            broken.Errors);
    }
}
