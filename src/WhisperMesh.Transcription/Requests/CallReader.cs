using System.Text.RegularExpressions;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Requests;

/// <summary>Checks what every configuration says of itself and of its task.</summary>
internal static partial class CallReader
{
    // 224 tokens count, the last ones; no text of 224 tokens is longer than this.
    private const int MaxPromptLength = 8192;

    /// <summary>The caller's id, or one that is made.</summary>
    public static string RequestId(string given) => given.Length == 0 ? Guid.NewGuid().ToString("N")
        : RequestIdPattern().IsMatch(given) ? given
        : throw MeshException.InvalidArgument("request_id", "The request id must be 1 to 64 characters of A-Z a-z 0-9 . _ -.");

    public static int Attempt(int given) => given >= 0
        ? Math.Max(1, given)
        : throw MeshException.InvalidArgument("attempt", "The attempt must not be negative.");

    public static bool Translates(TranscriptionTask given) => given switch
    {
        TranscriptionTask.Unspecified or TranscriptionTask.Transcribe => false,
        TranscriptionTask.Translate => true,
        _ => throw MeshException.InvalidArgument("task", $"Task {(int)given} is unknown."),
    };

    public static string? Prompt(string given)
    {
        if (given.Length <= MaxPromptLength)
        {
            return given.Length == 0 ? null : given;
        }

        var start = given.Length - MaxPromptLength;
        return given[(char.IsLowSurrogate(given[start]) ? start + 1 : start)..];
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex RequestIdPattern();
}
