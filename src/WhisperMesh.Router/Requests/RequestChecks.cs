using System.Text.RegularExpressions;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Requests;

/// <summary>Checks of request fields that need no worker. Workers check again what they depend on.</summary>
internal static partial class RequestChecks
{
    /// <summary>The id that a request names; where it names none, that of the call that carries it.</summary>
    public static string RequestId(string given, HttpContext context)
    {
        var identity = RequestIdentity.Of(context);
        if (given.Length > 0)
        {
            identity.Take(RequestId(given));
        }

        return identity.Id;
    }

    public static string RequestId(string given) =>
        given.Length == 0 ? RequestIds.Create()
        : RequestIds.IsValid(given) ? given
        : throw MeshException.InvalidArgument("request_id", "request_id must have 1 to 64 characters of A-Z a-z 0-9 . _ -.");

    public static void Temperature(float temperature)
    {
        if (!(temperature is >= 0 and <= 1))
        {
            throw MeshException.InvalidArgument("temperature", "temperature must be between 0 and 1.");
        }
    }

    public static void Speed(float speed)
    {
        if (!(speed is >= 0.25f and <= 4))
        {
            throw MeshException.InvalidArgument("speed", "speed must be between 0.25 and 4.");
        }
    }

    /// <summary>Only that it looks like a code; which languages there are is the models' business.</summary>
    public static void Language(string code, string field)
    {
        if (!LanguageCode().IsMatch(code))
        {
            throw MeshException.InvalidArgument(
                field,
                $"'{Shortened(code)}' is no language code such as \"en\" or \"pt-BR\". Leave it out to have the language detected.",
                ErrorReasons.LanguageNotSupported);
        }
    }

    /// <summary>A value as an error message may quote it.</summary>
    public static string Shortened(string value) => value.Length <= 40 ? value : value[..40] + "…";

    public static void Prompt(string prompt, int limit)
    {
        if (prompt.Length > limit)
        {
            throw MeshException.InvalidArgument("prompt", $"prompt must have at most {limit} characters.");
        }
    }

    public static void Text(string text, int limit)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw MeshException.InvalidArgument("text", "The text to speak is empty.");
        }

        if (text.Length > limit && text.EnumerateRunes().Count() > limit)
        {
            throw MeshException.InvalidArgument("text", $"The text to speak must have at most {limit} characters.");
        }
    }

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
    private static partial Regex LanguageCode();
}
