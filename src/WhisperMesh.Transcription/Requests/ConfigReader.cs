using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Engine;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Requests;

/// <summary>Checks every field of a configuration; what can't be honoured is refused by name.</summary>
internal sealed partial class ConfigReader(IOptions<TranscriptionOptions> options, SpeechEngine engine)
{
    // 224 tokens count, the last ones; no text of 224 tokens is longer than this.
    private const int MaxPromptLength = 8192;
    private const int MaxLanguages = 100;

    public TranscriptionJob Read(TranscriptionConfig config)
    {
        CheckModel(config.Model);
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
            AudioFormatReader.Read(config.AudioFormat),
            new TranscriptionRequest
            {
                Language = ReadLanguage(config.LanguageCode),
                AllowedLanguages = ReadLanguages(config),
                Translate = config.Task == TranscriptionTask.Translate,
                Prompt = ReadPrompt(config.Prompt),
                Keywords = DecodingReader.Keywords(config.Keywords),
                CarryContext = config.CarryContext,
                Temperature = DecodingReader.Temperature(config.Temperature),
                BeamSize = DecodingReader.BeamSize(config),
                BestOf = DecodingReader.BestOf(config),
                Thresholds = DecodingReader.Thresholds(config.Thresholds),
                Class = DecodingReader.Class(config.RequestClass),
                WordTimestamps = config.WordTimestamps,
                Seed = config.Seed,
            })
        {
            SeparateChannels = DecodingReader.SeparatesChannels(config.ChannelMode),
            TokenDetails = config.TokenDetails,
        };
    }

    private void CheckModel(string model)
    {
        var settings = options.Value;
        if (model.Length > 0 && model != settings.ModelName && !settings.AllAliases().Contains(model))
        {
            throw MeshException.NotFound("model", $"There is no model '{model}' here; this worker serves '{settings.ModelName}'.");
        }
    }

    private string? ReadLanguage(string code) => code.Length == 0 ? null : FindLanguage(code, "language_code");

    private string[] ReadLanguages(TranscriptionConfig config)
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
            ? [.. config.LanguageCodes.Select(code => FindLanguage(code, "language_codes")).Distinct()]
            : throw MeshException.InvalidArgument("language_codes", $"At most {MaxLanguages} language codes are allowed.");
    }

    private string FindLanguage(string code, string field)
    {
        // The primary subtag counts: "pt-BR" is "pt".
        var primary = code.Split('-', 2)[0].ToLowerInvariant();
        return LanguagePattern().IsMatch(code) && engine.Model.Languages.Contains(primary)
            ? primary
            : throw MeshException.InvalidArgument(
                field, $"The model does not know the language '{code}'.", ErrorReasons.LanguageNotSupported);
    }

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
