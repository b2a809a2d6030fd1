using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Transcription.Reuse;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Requests;

/// <summary>Checks every field of a configuration; what can't be honoured is refused by name.</summary>
internal sealed partial class ConfigReader(ModelDefinitions models)
{
    // 224 tokens count, the last ones; no text of 224 tokens is longer than this.
    private const int MaxPromptLength = 8192;
    private const int MaxLanguages = 100;
    private const long MaxOffsetSeconds = 30 * 24 * 3600;
    private const int MaxScopeLength = 128;

    public TranscriptionJob Read(TranscriptionConfig config)
    {
        var model = models.Get(config.Model);
        if (config.Task is not (TranscriptionTask.Unspecified or TranscriptionTask.Transcribe or TranscriptionTask.Translate))
        {
            throw MeshException.InvalidArgument("task", $"Task {(int)config.Task} is unknown.");
        }

        if (config.RequestId.Length > 0 && !RequestIdPattern().IsMatch(config.RequestId))
        {
            throw MeshException.InvalidArgument("request_id", "The request id must be 1 to 64 characters of A-Z a-z 0-9 . _ -.");
        }

        if (config.Attempt < 0)
        {
            throw MeshException.InvalidArgument("attempt", "The attempt must not be negative.");
        }

        return new TranscriptionJob(
            config.RequestId.Length > 0 ? config.RequestId : Guid.NewGuid().ToString("N"),
            Math.Max(1, config.Attempt),
            model.Name,
            AudioFormatReader.Read(config.AudioFormat),
            new TranscriptionRequest
            {
                Language = ReadLanguage(config.LanguageCode, model),
                AllowedLanguages = ReadLanguages(config, model),
                Switching = DecodingReader.Switching(config.LanguageSwitching),
                Translate = config.Task == TranscriptionTask.Translate,
                Prompt = ReadPrompt(config.Prompt),
                Keywords = DecodingReader.Keywords(config.Keywords),
                CarryContext = config.CarryContext,
                Temperature = DecodingReader.Temperature(config.Temperature),
                BeamSize = DecodingReader.BeamSize(config),
                BestOf = DecodingReader.BestOf(config),
                Thresholds = DecodingReader.Thresholds(config.Thresholds),
                Speech = VoiceActivityReader.Read(config.VoiceActivity),
                Class = DecodingReader.Class(config.RequestClass),
                WordTimestamps = config.WordTimestamps,
                Seed = config.Seed,
                ResumeFrom = ReadResumeOffset(config.ResumeOffset),
            })
        {
            SeparateChannels = DecodingReader.SeparatesChannels(config.ChannelMode),
            TokenDetails = config.TokenDetails,
            Warnings = [.. config.LanguageCodes.Append(config.LanguageCode).Where(HasRegion).Select(RegionWarning)],
            ReuseKey = config.CacheScope.Length <= MaxScopeLength
                ? ReuseKey.Of(config)
                : throw MeshException.InvalidArgument("cache_scope", $"The cache scope must have at most {MaxScopeLength} characters."),
        };
    }

    private static string? ReadLanguage(string code, ModelDefinition model) =>
        code.Length == 0 ? null : FindLanguage(code, "language_code", model);

    private static string[] ReadLanguages(TranscriptionConfig config, ModelDefinition model)
    {
        if (config.LanguageCodes.Count == 0)
        {
            return [];
        }

        if (config.LanguageCode.Length > 0)
        {
            throw MeshException.InvalidArgument(
                "language_codes", "language_codes are for detection; they can't be given together with language_code.");
        }

        return config.LanguageCodes.Count <= MaxLanguages
            ? [.. config.LanguageCodes.Select(code => FindLanguage(code, "language_codes", model)).Distinct()]
            : throw MeshException.InvalidArgument("language_codes", $"At most {MaxLanguages} language codes are allowed.");
    }

    private static string FindLanguage(string code, string field, ModelDefinition model)
    {
        // The primary subtag counts: "pt-BR" is "pt".
        var primary = code.Split('-', 2)[0].ToLowerInvariant();
        // A model whose files don't tell its languages refuses by itself once it is loaded.
        return LanguagePattern().IsMatch(code) && (model.Languages.Count == 0 || model.Languages.Contains(primary))
            ? primary
            : throw MeshException.InvalidArgument(
                field, $"The model '{model.Name}' does not know the language '{code}'.", ErrorReasons.LanguageNotSupported);
    }

    private static TimeSpan ReadResumeOffset(Duration? given) =>
        given is null ? TimeSpan.Zero
        : given is { Seconds: >= 0 and < MaxOffsetSeconds, Nanos: >= 0 and < 1_000_000_000 } ? given.ToTimeSpan()
        : throw MeshException.InvalidArgument("resume_offset", "resume_offset must be a duration of 0 to 30 days.");

    private static bool HasRegion(string code) => code.Contains('-', StringComparison.Ordinal);

    private static string RegionWarning(string code) =>
        $"The language '{code}' is heard as '{code.Split('-', 2)[0].ToLowerInvariant()}': the model knows no regions.";

    private static string? ReadPrompt(string prompt)
    {
        if (prompt.Length <= MaxPromptLength)
        {
            return prompt.Length == 0 ? null : prompt;
        }

        var start = prompt.Length - MaxPromptLength;
        return prompt[(char.IsLowSurrogate(prompt[start]) ? start + 1 : start)..];
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex RequestIdPattern();

    [GeneratedRegex(@"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\z")]
    private static partial Regex LanguagePattern();
}
