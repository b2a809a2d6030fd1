using WhisperMesh.Router.Http;

namespace WhisperMesh.Router.Realtime;

/// <summary>Reads how speech is to be transcribed, which is the same in both shapes.</summary>
internal static class TranscriptionReader
{
    public static RealtimeSettings Read(RealtimeSettings settings, JsonFields fields)
    {
        if (fields.Take("model") is { } model)
        {
            settings = settings with { Model = model.TextOrNone() };
        }

        settings = ReadLanguages(settings, fields);
        if (fields.Take("keywords") is { } keywords)
        {
            settings = settings with { Keywords = keywords.Texts() };
        }

        if (fields.Take("prompt") is { } prompt)
        {
            settings = settings with { Prompt = prompt.TextOrNone() };
        }

        if (fields.Take("delay") is { } delay)
        {
            settings = settings with { Delay = delay.IsNull ? null : delay.Choice(LiveWishes.Delays.Keys) };
        }

        fields.Complete();
        return settings;
    }

    private static RealtimeSettings ReadLanguages(RealtimeSettings settings, JsonFields fields)
    {
        var language = fields.Take("language");
        var languages = fields.Take("languages");
        if (language is { } one && languages is { } several && one.TextOrNone().Length > 0 && several.Texts().Count > 0)
        {
            throw ApiException.BadRequest(several.Path, "Languages to choose from can't be given together with the language that is spoken.");
        }

        // Who names the one gives the other up.
        if (language is { } spoken)
        {
            settings = settings with { Language = spoken.TextOrNone(), Languages = spoken.TextOrNone().Length > 0 ? [] : settings.Languages };
        }

        if (languages is { } allowed)
        {
            settings = settings with { Languages = allowed.Texts(), Language = allowed.Texts().Count > 0 ? "" : settings.Language };
        }

        return settings;
    }
}
