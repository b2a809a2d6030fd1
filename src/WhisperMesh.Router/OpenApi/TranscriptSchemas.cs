using Microsoft.OpenApi;
using WhisperMesh.Router.Transcriptions.Formats;
using static WhisperMesh.Router.OpenApi.SchemaParts;

namespace WhisperMesh.Router.OpenApi;

/// <summary>Schemas of transcripts in JSON.</summary>
internal static class TranscriptSchemas
{
    /// <summary>What <c>json</c> and <c>verbose_json</c> reply.</summary>
    public static OpenApiSchema Json() => new() { AnyOf = [Plain(), Verbose()] };

    private static OpenApiSchema Plain() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["text"] = Text("The text."),
            ["logprobs"] = List(
                "The tokens of the text, with include[]=logprobs.",
                Object(
                    new Dictionary<string, IOpenApiSchema>
                    {
                        ["token"] = Text("Text of the token."),
                        ["logprob"] = Number("Natural logarithm of its probability."),
                        ["bytes"] = List("Its bytes; a character may span several tokens.", Integer(null)),
                    },
                    "token", "logprob", "bytes")),
            ["languages"] = List(
                "Languages spoken, in the order that they are first heard; not for translations.",
                Object(new Dictionary<string, IOpenApiSchema> { ["code"] = Text("BCP-47 code.") }, "code")),
            ["usage"] = Usage(),
            ["whispermesh"] = NoteSchemas.Notes(),
        },
        "text", "usage", "whispermesh");

    private static OpenApiSchema Verbose() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["task"] = Choice("What was done.", "transcribe", "translate"),
            ["language"] = Text("English name of the language, such as english."),
            ["duration"] = Number("Length of the audio in seconds."),
            ["text"] = Text("The text."),
            ["words"] = List("The words, with timestamp_granularities[]=word.", Word()),
            ["segments"] = List("The segments, unless only words are asked for.", Segment()),
            ["usage"] = Usage(),
            ["whispermesh"] = NoteSchemas.Notes(),
        },
        "task", "language", "duration", "text", "usage", "whispermesh");

    private static OpenApiSchema Word() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["word"] = Text("The word."),
            ["start"] = Number("Its start in seconds."),
            ["end"] = Number("Its end in seconds."),
            ["channel"] = Channel(),
        },
        "word", "start", "end");

    private static OpenApiSchema Segment() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["id"] = Integer("Number of the segment, from 0."),
            ["seek"] = Integer("Start in hundredths of a second."),
            ["start"] = Number("Start in seconds."),
            ["end"] = Number("End in seconds."),
            ["text"] = Text("The text."),
            ["tokens"] = List("Ids of its tokens in the model's vocabulary.", Integer(null)),
            ["temperature"] = Number("Sampling temperature that gave the text."),
            ["avg_logprob"] = Number("Mean log probability of the tokens; below -1 the text is doubtful."),
            ["compression_ratio"] = Number("Length of the text over its length compressed; above 2.4 it likely repeats itself."),
            ["no_speech_prob"] = Number("Probability that there is no speech."),
            ["channel"] = Channel(),
            ["whispermesh"] = Object(
                new Dictionary<string, IOpenApiSchema>
                {
                    ["verdict"] = Choice(
                        "What the engine thinks of the text. Text that is not ok is there all the same.", SegmentJudgement.Names.Values),
                },
                "verdict"),
        },
        "id", "seek", "start", "end", "text", "tokens", "temperature", "avg_logprob", "compression_ratio", "no_speech_prob", "whispermesh");

    private static OpenApiSchema Channel() => Integer("Channel that it was spoken on, from 0; only with channels=separate.");

    private static OpenApiSchema Usage() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Choice("What is counted.", "duration"),
            ["seconds"] = Integer("Seconds of audio, begun ones included."),
        },
        "type", "seconds");
}
