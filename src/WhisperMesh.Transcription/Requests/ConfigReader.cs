using Google.Protobuf.WellKnownTypes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Transcription.Reuse;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Requests;

/// <summary>Checks every field of a configuration; what can't be honoured is refused by name.</summary>
internal sealed class ConfigReader(ModelDefinitions models)
{
    private const long MaxOffsetSeconds = 30 * 24 * 3600;
    private const int MaxScopeLength = 128;

    public TranscriptionJob Read(TranscriptionConfig config)
    {
        var model = models.Get(config.Model);
        return new TranscriptionJob(
            CallReader.RequestId(config.RequestId),
            CallReader.Attempt(config.Attempt),
            model.Name,
            AudioFormatReader.Read(config.AudioFormat),
            new TranscriptionRequest
            {
                Language = LanguageReader.Language(config.LanguageCode, model),
                AllowedLanguages = LanguageReader.Allowed(config.LanguageCodes, config.LanguageCode, model),
                Switching = DecodingReader.Switching(config.LanguageSwitching),
                Translate = CallReader.Translates(config.Task),
                Prompt = CallReader.Prompt(config.Prompt),
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
            Warnings = LanguageReader.Warnings(config.LanguageCodes.Append(config.LanguageCode)),
            ReuseKey = config.CacheScope.Length <= MaxScopeLength
                ? ReuseKey.Of(config)
                : throw MeshException.InvalidArgument("cache_scope", $"The cache scope must have at most {MaxScopeLength} characters."),
        };
    }

    private static TimeSpan ReadResumeOffset(Duration? given) =>
        given is null ? TimeSpan.Zero
        : given is { Seconds: >= 0 and < MaxOffsetSeconds, Nanos: >= 0 and < 1_000_000_000 } ? given.ToTimeSpan()
        : throw MeshException.InvalidArgument("resume_offset", "resume_offset must be a duration of 0 to 30 days.");
}
