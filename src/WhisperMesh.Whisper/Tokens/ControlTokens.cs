using System.Collections.Frozen;
using System.Text.Json;

namespace WhisperMesh.Whisper.Tokens;

/// <summary>Tokens that steer decoding, from <c>generation_config.json</c>.</summary>
internal sealed record ControlTokens
{
    public required int EndOfText { get; init; }
    public required int StartOfTranscript { get; init; }
    public required int StartOfPrevious { get; init; }
    public required int Transcribe { get; init; }
    public required int Translate { get; init; }
    public required int NoTimestamps { get; init; }
    public required int MaxInitialTimestampIndex { get; init; }

    /// <summary>Language code to token, in the model's order.</summary>
    public required IReadOnlyDictionary<string, int> Languages { get; init; }

    /// <summary>Tokens that are never text: marks, and symbols that captions have and speech has not.</summary>
    public required IReadOnlyList<int> Suppressed { get; init; }

    /// <summary>Tokens that may not come first.</summary>
    public required IReadOnlyList<int> SuppressedAtBegin { get; init; }

    /// <summary><c>&lt;|nospeech|&gt;</c>, the one before <c>&lt;|notimestamps|&gt;</c> in every multilingual Whisper.</summary>
    public int NoSpeech => NoTimestamps - 1;

    /// <summary><c>&lt;|0.00|&gt;</c>; each further token is 20 ms later.</summary>
    public int FirstTimestamp => NoTimestamps + 1;

    public bool IsTimestamp(int token) => token >= FirstTimestamp;

    public bool IsText(int token) => token < EndOfText;

    public static ControlTokens Read(JsonElement config) => new()
    {
        EndOfText = config.GetProperty("eos_token_id").GetInt32(),
        StartOfTranscript = config.GetProperty("decoder_start_token_id").GetInt32(),
        StartOfPrevious = config.GetProperty("prev_sot_token_id").GetInt32(),
        Transcribe = config.GetProperty("task_to_id").GetProperty("transcribe").GetInt32(),
        Translate = config.GetProperty("task_to_id").GetProperty("translate").GetInt32(),
        NoTimestamps = config.GetProperty("no_timestamps_token_id").GetInt32(),
        MaxInitialTimestampIndex = config.GetProperty("max_initial_timestamp_index").GetInt32(),
        Languages = config.GetProperty("lang_to_id").EnumerateObject()
            .ToFrozenDictionary(entry => entry.Name.Trim('<', '|', '>'), entry => entry.Value.GetInt32()),
        Suppressed = Integers(config.GetProperty("suppress_tokens")),
        SuppressedAtBegin = Integers(config.GetProperty("begin_suppress_tokens")),
    };

    private static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt32())];
}
