using System.Globalization;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Synthesis.Text;

namespace WhisperMesh.Synthesis.Worker;

/// <summary>What a request may ask for; the first thing wrong is refused.</summary>
internal static class RequestRules
{
    private const int MaxTextLength = 4096;
    private const float MinSpeed = 0.25f;
    private const float MaxSpeed = 4;

    public static void Check(SynthesizeRequest request, SynthesisOptions options)
    {
        if (request.Model is not "" && request.Model != options.ModelName && !options.Aliases.Contains(request.Model))
        {
            throw MeshException.NotFound("model", $"There is no model '{request.Model}' here.");
        }

        if (request.Voice is not "" && request.Voice != options.Voice && !options.VoiceAliases.Contains(request.Voice))
        {
            throw MeshException.NotFound("voice", $"There is no voice '{request.Voice}' here.", ErrorReasons.VoiceNotFound);
        }

        CheckText(request.Text);
        if (request.HasSpeed && request.Speed is not (>= MinSpeed and <= MaxSpeed))
        {
            throw MeshException.InvalidArgument(
                "speed", string.Create(CultureInfo.InvariantCulture, $"speed is {request.Speed}; it must be {MinSpeed} to {MaxSpeed}."));
        }

        if (request.RequestId.Length > 64 || request.RequestId.Any(c => !char.IsAsciiLetterOrDigit(c) && !"._-".Contains(c)))
        {
            throw MeshException.InvalidArgument("request_id", "request_id must be 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
    }

    private static void CheckText(string text)
    {
        var length = text.EnumerateRunes().Count();
        if (length > MaxTextLength)
        {
            throw MeshException.InvalidArgument("text", $"The text has {length} characters; at most {MaxTextLength} can be spoken.");
        }

        if (!SpeakableText.HasSound(text))
        {
            throw MeshException.InvalidArgument("text", "The text has nothing that can be spoken: no letter, digit or named sign.");
        }
    }
}
