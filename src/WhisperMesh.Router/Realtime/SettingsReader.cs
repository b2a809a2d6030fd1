using System.Text.Json;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;

namespace WhisperMesh.Router.Realtime;

/// <summary>
/// Reads what a client wants its session to be, in the shape of today (<c>session.update</c>) and in that of the beta
/// (<c>transcription_session.update</c>). Only members that are there change anything.
/// </summary>
internal static class SettingsReader
{
    private const string TranscriptionType = "transcription";
    public const string LogprobsItem = "item.input_audio_transcription.logprobs";
    private const int MinPcmRateHz = 8000;
    private const int MaxPcmRateHz = 48_000;

    private static readonly Dictionary<string, string> BetaFormats = new()
    {
        ["pcm16"] = InputFormat.Pcm,
        ["g711_ulaw"] = InputFormat.Pcmu,
        ["g711_alaw"] = InputFormat.Pcma,
    };

    /// <exception cref="ApiException">Something can't be honoured.</exception>
    public static RealtimeSettings Read(RealtimeSettings settings, JsonElement session)
    {
        var fields = new JsonFields(session, "session");
        var type = fields.Require("type");
        if (type.Text() != TranscriptionType)
        {
            throw ApiException.BadRequest(
                type.Path, $"Sessions of the type '{RequestChecks.Shortened(type.Text())}' are not served here; it must be 'transcription'.", "unsupported_session_type");
        }

        settings = ReadInclude(settings, fields);
        if (fields.Take("audio") is { IsNull: false } audio)
        {
            var parts = audio.Fields();
            settings = parts.Take("input") is { IsNull: false } input ? ReadInput(settings, input.Fields()) : settings;
            parts.Complete();
        }

        fields.Complete();
        return settings;
    }

    /// <exception cref="ApiException">Something can't be honoured.</exception>
    public static RealtimeSettings ReadBeta(RealtimeSettings settings, JsonElement session)
    {
        var fields = new JsonFields(session, "session");
        settings = ReadInclude(settings, fields);
        if (fields.Take("input_audio_format") is { } format)
        {
            settings = settings with { Format = InputFormat.Of(BetaFormats[format.Choice(BetaFormats.Keys)]) };
        }

        if (fields.Take("modalities") is { IsNull: false } modalities)
        {
            foreach (var modality in modalities.Texts())
            {
                // "audio" says that the client speaks, not that it wants to be spoken to.
                _ = modality is "text" or "audio" ? modality : throw ApiException.BadRequest(modalities.Path, "Modalities are 'text' and 'audio'.");
            }
        }

        if (fields.Take("client_secret") is { IsNull: false } secret)
        {
            throw ApiException.Unsupported(secret.Path, "Client secrets are not made here.");
        }

        settings = TurnsAndWords(settings, fields, "input_audio_transcription", "input_audio_noise_reduction");
        fields.Complete();
        return settings;
    }

    private static RealtimeSettings ReadInput(RealtimeSettings settings, JsonFields input)
    {
        if (input.Take("format") is { IsNull: false } format)
        {
            settings = settings with { Format = ReadFormat(format.Fields()) };
        }

        settings = TurnsAndWords(settings, input, "transcription", "noise_reduction");
        input.Complete();
        return settings;
    }

    private static RealtimeSettings TurnsAndWords(RealtimeSettings settings, JsonFields fields, string transcription, string noiseReduction)
    {
        if (fields.Take(transcription) is { } words)
        {
            settings = words.IsNull
                ? throw ApiException.Unsupported(words.Path, "Transcription can't be turned off: it is what the session is for.")
                : TranscriptionReader.Read(settings, words.Fields());
        }

        if (fields.Take("turn_detection") is { } turns)
        {
            settings = settings with { TurnDetection = turns.IsNull ? null : TurnDetectionReader.Read(turns.Fields()) };
        }

        return fields.Take(noiseReduction) is { IsNull: false } reduction
            ? throw ApiException.Unsupported(reduction.Path, "Noise is not reduced here; it can only be null.")
            : settings;
    }

    private static InputFormat ReadFormat(JsonFields fields)
    {
        var type = fields.Require("type").Choice([InputFormat.Pcm, InputFormat.Pcmu, InputFormat.Pcma]);
        var format = InputFormat.Of(type);
        if (fields.Take("rate") is { IsNull: false } rate)
        {
            format = type == InputFormat.Pcm
                ? format with { RateHz = rate.Integer(MinPcmRateHz, MaxPcmRateHz) }
                : format with { RateHz = rate.Integer(format.RateHz, format.RateHz) };
        }

        fields.Complete();
        return format;
    }

    private static RealtimeSettings ReadInclude(RealtimeSettings settings, JsonFields fields)
    {
        if (fields.Take("include") is not { } include)
        {
            return settings;
        }

        foreach (var item in include.Texts().Where(item => item != LogprobsItem))
        {
            throw ApiException.BadRequest(
                include.Path, $"Invalid value: '{RequestChecks.Shortened(item)}'. Supported values are: '{LogprobsItem}'.");
        }

        return settings with { Logprobs = include.Texts().Count > 0 };
    }
}
