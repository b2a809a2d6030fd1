using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Transcription.Requests;
using WhisperMesh.Whisper.Live;
using Wire = WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Live;

/// <summary>Checks where a stream that broke off is to go on.</summary>
internal static class LiveResumeReader
{
    private const int MaxContextLength = 4096;
    private const long MaxSeconds = 365L * 24 * 3600;
    private const long TicksPerSample = TimeSpan.TicksPerSecond / AudioLimits.SpeechSampleRateHz;

    // Far more than anybody says in the longest utterance.
    private const int MaxWords = 2000;
    private const int MaxWordLength = 1000;

    public static LiveResume? Read(Wire.LiveResume? given, AudioFormat format, ModelDefinition model)
    {
        if (given is null)
        {
            return null;
        }

        if (given.Token.Length > 0)
        {
            throw MeshException.InvalidArgument("resume.token", "Only the router that gave a token knows it; a worker goes by the checkpoint.");
        }

        if (given.LastEventNumber != 0)
        {
            throw MeshException.InvalidArgument("resume.last_event_number", "Only routers number events; a worker goes by the checkpoint.");
        }

        if (given.Words.Count > MaxWords)
        {
            throw MeshException.InvalidArgument("resume.words", $"At most {MaxWords} words can follow a checkpoint.");
        }

        var checkpoint = given.Checkpoint is null ? LiveCheckpoint.Start : Checkpoint(given.Checkpoint, format, model);
        return new LiveResume(checkpoint, [.. given.Words.Select(Word)]);
    }

    private static LiveCheckpoint Checkpoint(Wire.LiveCheckpoint given, AudioFormat format, ModelDefinition model)
    {
        var (sample, rest) = Math.DivRem(Time(given.Offset, "resume.checkpoint.offset").Ticks, TicksPerSample);
        if (rest != 0)
        {
            throw MeshException.InvalidArgument("resume.checkpoint.offset", "A checkpoint's offset is at a sample of 16 kHz.");
        }

        using var reader = new RawSampleReader(format, sample);
        if (!reader.CanBegin(sample, given.Position))
        {
            throw MeshException.InvalidArgument(
                "resume.checkpoint.position",
                $"At this offset and in this audio_format a stream goes on at byte {reader.Position}, not {given.Position}.");
        }

        if (given.UtteranceCount < 0)
        {
            throw MeshException.InvalidArgument("resume.checkpoint.utterance_count", "The count of utterances must not be negative.");
        }

        if (given.Context.Length > MaxContextLength)
        {
            throw MeshException.InvalidArgument(
                "resume.checkpoint.context", $"A checkpoint's context has at most {MaxContextLength} characters.");
        }

        return new LiveCheckpoint(
            sample,
            given.UtteranceCount,
            given.Context,
            given.LanguageCode.Length == 0 ? null : LanguageReader.Find(given.LanguageCode, "resume.checkpoint.language_code", model),
            Time(given.SpeechDuration, "resume.checkpoint.speech_duration"))
        {
            Doubt = Doubt(given, model),
        };
    }

    private static LanguageDoubt? Doubt(Wire.LiveCheckpoint given, ModelDefinition model)
    {
        const string LanguageField = "resume.checkpoint.doubted_language_code";
        var language = given.DoubtedLanguageCode.Length == 0 ? null : LanguageReader.Find(given.DoubtedLanguageCode, LanguageField, model);
        if (language is not null && given.LanguageCode.Length == 0)
        {
            throw MeshException.InvalidArgument(LanguageField, "Only a language that is held can give way to another.");
        }

        if (language is null ? given.DoubtedUtteranceCount != 0 : given.DoubtedUtteranceCount <= 0)
        {
            throw MeshException.InvalidArgument(
                "resume.checkpoint.doubted_utterance_count", "The count must be 1 or more with doubted_language_code, and 0 without.");
        }

        return language is null ? null : new LanguageDoubt(language, given.DoubtedUtteranceCount);
    }

    private static LiveWord Word(Wire.LiveWord given)
    {
        if (given.Text.Length is 0 or > MaxWordLength)
        {
            throw MeshException.InvalidArgument("resume.words.text", $"A word has 1 to {MaxWordLength} characters.");
        }

        if (given.Confidence is not (>= 0 and <= 1))
        {
            throw MeshException.InvalidArgument("resume.words.confidence", "The confidence of a word must be between 0 and 1.");
        }

        return new LiveWord(
            given.Text,
            Time(given.StartOffset, "resume.words.start_offset"),
            Time(given.WordDuration, "resume.words.word_duration"),
            given.Confidence);
    }

    private static TimeSpan Time(Duration? given, string field) =>
        given is null ? TimeSpan.Zero
        : given is { Seconds: >= 0 and < MaxSeconds, Nanos: >= 0 and < 1_000_000_000 } ? given.ToTimeSpan()
        : throw MeshException.InvalidArgument(field, $"{field} must be a duration of 0 to 365 days.");
}
