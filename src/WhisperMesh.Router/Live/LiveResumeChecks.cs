using Google.Protobuf.WellKnownTypes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>Checks of what a client says of the stream that it comes back to.</summary>
internal static class LiveResumeChecks
{
    private const int MaxTokenLength = 64;
    private const int MaxContextLength = 4096;
    private const int MaxWords = 2000;
    private const int MaxWordLength = 1000;

    // 30 days of the widest format.
    private const long MaxPosition = 1L << 48;

    public static void Check(LiveResume resume, LiveFormat format)
    {
        Require(
            resume.Token.Length > 0 || resume.Checkpoint is not null,
            "resume.token",
            "To go on with a stream takes its token, or the checkpoint where it stood.");
        Require(resume.Token.Length <= MaxTokenLength, "resume.token", $"A token has at most {MaxTokenLength} characters.");
        Require(resume.LastEventNumber >= 0, "resume.last_event_number", "last_event_number must not be negative.");
        if (resume.Checkpoint is { } checkpoint)
        {
            Check(checkpoint, format);
        }

        Require(resume.Words.Count <= MaxWords, "resume.words", $"At most {MaxWords} words can stand after a checkpoint.");
        var begin = resume.Checkpoint?.Offset?.ToTimeSpan() ?? TimeSpan.Zero;
        foreach (var word in resume.Words)
        {
            Require(
                word.Text.Length is > 0 and <= MaxWordLength
                    && IsTime(word.StartOffset) && IsTime(word.WordDuration) && word.Confidence is >= 0 and <= 1,
                "resume.words",
                $"A word must have 1 to {MaxWordLength} characters, times of 0 or more, and a confidence of 0 to 1.");
            Require(
                (word.StartOffset?.ToTimeSpan() ?? TimeSpan.Zero) + (word.WordDuration?.ToTimeSpan() ?? TimeSpan.Zero) >= begin,
                "resume.words",
                "Words before the checkpoint belong to utterances that have ended.");
        }
    }

    private static void Check(LiveCheckpoint checkpoint, LiveFormat format)
    {
        Require(
            checkpoint.Position is >= 0 and <= MaxPosition && checkpoint.Position % format.FrameBytes == 0,
            "resume.checkpoint.position",
            $"position must be a number of bytes that are whole frames of {format.FrameBytes}.");
        Require(
            checkpoint.UtteranceCount >= 0, "resume.checkpoint.utterance_count", "utterance_count must not be negative.");
        Require(
            checkpoint.Context.Length <= MaxContextLength,
            "resume.checkpoint.context",
            $"context must have at most {MaxContextLength} characters.");
        Require(
            IsTime(checkpoint.Offset) && IsTime(checkpoint.SpeechDuration),
            "resume.checkpoint.offset",
            "Times must be 0 or more.");
        if (checkpoint.LanguageCode.Length > 0)
        {
            Requests.RequestChecks.Language(checkpoint.LanguageCode, "resume.checkpoint.language_code");
        }

        if (checkpoint.DoubtedLanguageCode.Length > 0)
        {
            Requests.RequestChecks.Language(checkpoint.DoubtedLanguageCode, "resume.checkpoint.doubted_language_code");
            Require(
                checkpoint.LanguageCode.Length > 0,
                "resume.checkpoint.doubted_language_code",
                "Only a language that is held can give way to another.");
        }

        Require(
            checkpoint.DoubtedLanguageCode.Length > 0 ? checkpoint.DoubtedUtteranceCount > 0 : checkpoint.DoubtedUtteranceCount == 0,
            "resume.checkpoint.doubted_utterance_count",
            "The count must be 1 or more with doubted_language_code, and 0 without.");
    }

    private static bool IsTime(Duration? given) => given is null or { Seconds: >= 0 and < 1L << 32, Nanos: >= 0 and < 1_000_000_000 };

    private static void Require(bool holds, string field, string message)
    {
        if (!holds)
        {
            throw MeshException.InvalidArgument(field, message);
        }
    }
}
