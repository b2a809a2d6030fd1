using System.Text.RegularExpressions;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Requests;

/// <summary>Checks every field of a configuration; what can't be honoured is refused by name.</summary>
internal sealed partial class ConfigReader(ModelDefinitions models)
{
    // 224 tokens count, the last ones; no text of 224 tokens is longer than this.
    private const int MaxPromptLength = 8192;

    public TranscriptionJob Read(TranscriptionConfig config)
    {
        var model = models.Get(config.Model);
        if (config.Task is not (TranscriptionTask.Unspecified or TranscriptionTask.Transcribe or TranscriptionTask.Translate))
        {
            throw MeshException.InvalidArgument("task", $"Task {(int)config.Task} is unknown.");
        }

        if (!(config.Temperature is >= 0 and <= 1))
        {
            throw MeshException.InvalidArgument("temperature", "The temperature must be between 0 and 1.");
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
                Translate = config.Task == TranscriptionTask.Translate,
                Prompt = ReadPrompt(config.Prompt),
                Temperature = config.Temperature,
                WordTimestamps = config.WordTimestamps,
            });
    }

    private static string? ReadLanguage(string code, ModelDefinition model)
    {
        if (code.Length == 0)
        {
            return null;
        }

        // The primary subtag counts: "pt-BR" is "pt".
        var primary = code.Split('-', 2)[0].ToLowerInvariant();
        // A model whose files don't tell its languages refuses by itself once it is loaded.
        return LanguagePattern().IsMatch(code) && (model.Languages.Count == 0 || model.Languages.Contains(primary))
            ? primary
            : throw MeshException.InvalidArgument(
                "language_code", $"The model '{model.Name}' does not know the language '{code}'.", ErrorReasons.LanguageNotSupported);
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
