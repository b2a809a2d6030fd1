using Microsoft.OpenApi;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Transcriptions;
using static WhisperMesh.Router.OpenApi.SchemaParts;

namespace WhisperMesh.Router.OpenApi;

/// <summary>Schemas of the forms that carry audio.</summary>
internal static class TranscriptionSchemas
{
    private const int MaxListed = 100;
    private const int MaxRows = 16;

    public static OpenApiSchema Transcription()
    {
        var properties = Common();
        properties["language"] = Text("Language spoken, such as \"en\". Without it the language is detected.");
        properties["languages[]"] = List(
            "Languages that may be spoken: detection chooses among them. Not together with language.", Text(null), MaxListed);
        properties["timestamp_granularities[]"] = List(
            "What gets times; needs verbose_json, where without it segments do, or stream, where it adds events transcript.text.segment.", OneOf(null, "segment", "word"));
        properties["include[]"] = List(
            "What the reply has beside the text; needs response_format json. logprobs: the tokens and their log probabilities.",
            Choice(null, "logprobs"));
        properties["chunking_strategy"] = Chunking();
        properties["stream"] = Switch("Sends server-sent events while the audio is transcribed; needs response_format json.");
        return Object(properties, "file");
    }

    private static OpenApiSchema Chunking() => new()
    {
        Description = "How speech is told from silence. auto, as without it: the engine's own way.",
        AnyOf =
        [
            Choice(null, ChunkingField.Auto),
            Object(
                new Dictionary<string, IOpenApiSchema>
                {
                    ["type"] = Choice(null, ChunkingField.ServerVad),
                    ["threshold"] = Number("Probability from which sound counts as speech.", "0", "1", 0.5),
                    ["silence_duration_ms"] = Integer(
                        "Silence that ends a stretch of speech.", 0, TranscriptionChecks.MaxSilenceMilliseconds, 100),
                    ["prefix_padding_ms"] = Integer(
                        "Audio that is heard along before speech begins.", 0, TranscriptionChecks.MaxPrefixMilliseconds, 530),
                },
                "type"),
        ],
    };

    public static OpenApiSchema Translation() => Object(Common(), "file");

    private static Dictionary<string, IOpenApiSchema> Common() => new()
    {
        ["file"] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Format = "binary",
            Description = "The audio: wav everywhere; mp3, m4a, aac, flac, ogg, opus, webm, mp4 and mov with ffmpeg.",
        },
        ["model"] = Text("Model id or alias, such as \"whisper-1\". Without it: the default model."),
        ["prompt"] = Text("Text taken as said before the audio: names, spelling and style to follow."),
        ["keywords[]"] = List(
            "Names and terms that are likely to be said, the most important first, each of 1 to 64 characters without <, > and line "
            + "breaks. They may fill half of the prompt's room; one that does not fit is left out.",
            Text(null),
            MaxListed),
        ["temperature"] = Number("Sampling temperature.", "0", "1", 0),
        ["response_format"] = OneOf("Shape of the reply.", "json", "text", "srt", "verbose_json", "vtt"),
        ["beam_size"] = Integer(
            "WhisperMesh's own: texts followed side by side, of which the likeliest is kept. Needs temperature 0.", 1, MaxRows, 1),
        ["best_of"] = Integer(
            "WhisperMesh's own: texts sampled where the temperature is above 0, also as doubtful text is tried again at a higher one.",
            1, MaxRows, 5),
        ["carry_context"] = Switch(
            "WhisperMesh's own: tells the model, with each stretch of audio, the text before it. Slower; spelling stays the same."),
        ["request_class"] = OneOf(
            "WhisperMesh's own: how urgent it is. live goes first where a worker is busy, bulk last.", EngineFields.Classes.Keys),
        ["channels"] = OneOf(
            "WhisperMesh's own: separate transcribes each channel, up to 8, by itself. verbose_json then has the channel of each segment "
            + "and word, from 0; in other formats \"[channel 0] \" and the like stand before the text.",
            EngineFields.ChannelModes.Keys),
        ["language_switch_windows"] = Integer(
            "WhisperMesh's own: where the language is detected, stretches of speech in a row that must surely be in another one before "
            + "the text turns to it.", 1, 10, 2),
        ["language_switch_probability"] = Number(
            "WhisperMesh's own: how sure each of them must be, among the languages that may be spoken.", "0", "1", 0.8),
        ["seed"] = Integer("WhisperMesh's own: starts the generator that sampling draws from."),
        ["compression_ratio_threshold"] = Number(
            "WhisperMesh's own: text whose compression_ratio is above this repeats itself and is tried again.", "0", null, 2.4),
        ["logprob_threshold"] = Number(
            "WhisperMesh's own: text whose avg_logprob is below this is doubtful and is tried again.", null, "0", -1),
        ["no_speech_threshold"] = Number(
            "WhisperMesh's own: doubtful text whose no_speech_prob is above this is taken for silence.", "0", "1", 0.6),
    };
}
