using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;

namespace WhisperMesh.Router.Realtime;

/// <summary>Reads how turns are told; what is left out has its default, whatever it was before.</summary>
internal static class TurnDetectionReader
{
    private const string ServerVadType = "server_vad";
    private const string SemanticVadType = "semantic_vad";
    private const int MinSilenceMs = 100;
    private const int MinIdleMs = 5000;
    private const int MaxIdleMs = 30_000;

    private static readonly string[] Eagernesses = ["low", "medium", "high", "auto"];

    public static TurnDetection Read(JsonFields fields)
    {
        var type = fields.Require("type").Choice([ServerVadType, SemanticVadType]);
        TurnDetection turns = type == ServerVadType ? ReadServer(fields) : ReadSemantic(fields);
        foreach (var name in (ReadOnlySpan<string>)["create_response", "interrupt_response"])
        {
            if (fields.Take(name) is { IsNull: false } response && response.Flag())
            {
                throw ApiException.Unsupported(response.Path, "A transcription session gives no responses.");
            }
        }

        fields.Complete();
        return turns;
    }

    private static ServerVad ReadServer(JsonFields fields)
    {
        var vad = new ServerVad();
        return new ServerVad
        {
            Threshold = fields.Take("threshold") is { IsNull: false } threshold ? threshold.Number(0, 1) : vad.Threshold,
            PrefixPaddingMs = fields.Take("prefix_padding_ms") is { IsNull: false } prefix
                ? prefix.Integer(0, TranscriptionChecks.MaxPrefixMilliseconds)
                : vad.PrefixPaddingMs,
            SilenceDurationMs = fields.Take("silence_duration_ms") is { IsNull: false } silence
                ? silence.Integer(MinSilenceMs, TranscriptionChecks.MaxSilenceMilliseconds)
                : vad.SilenceDurationMs,
            IdleTimeoutMs = fields.Take("idle_timeout_ms") is { IsNull: false } idle ? idle.Integer(MinIdleMs, MaxIdleMs) : null,
        };
    }

    private static SemanticVad ReadSemantic(JsonFields fields) =>
        new(fields.Take("eagerness") is { IsNull: false } eagerness ? eagerness.Choice(Eagernesses) : "auto");
}
