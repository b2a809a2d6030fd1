using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Workers;

namespace WhisperMesh.Router.Upstreams;

/// <summary>What an upstream's model can do, from what its operator declares.</summary>
internal static class UpstreamFeatures
{
    public const string AllFields = "*";

    /// <summary>Features that may be declared.</summary>
    public static readonly IReadOnlyList<string> Known =
    [
        WorkerFeatures.Transcribe, WorkerFeatures.Translate, WorkerFeatures.WordTimestamps, WorkerFeatures.Synthesize,
    ];

    /// <summary>Form fields that may be declared.</summary>
    public static readonly IReadOnlyList<string> KnownFields =
    [
        "languages", "keywords", "beam_size", "best_of", "carry_context", "channels", "chunking_strategy", "compression_ratio_threshold",
        "logprob_threshold", "no_speech_threshold", "request_class", "seed",
    ];

    public static bool Reads(this UpstreamModelSettings model, string field) =>
        model.Fields.Contains(field) || model.Fields.Contains(AllFields);

    public static bool Speaks(this UpstreamModelSettings model) => model.Features.Contains(WorkerFeatures.Synthesize);

    public static string PublicId(this UpstreamModelSettings model) => model.As ?? model.Id;

    /// <summary>As a worker's lease has them.</summary>
    public static IEnumerable<string> Of(UpstreamModelSettings model)
    {
        foreach (var feature in model.Features)
        {
            yield return feature;
        }

        if (model.Speaks())
        {
            yield break;
        }

        // Every API of this sort has a prompt, which takes keywords where there is no field for them.
        yield return WorkerFeatures.Keywords;
        if (model.Reads("channels"))
        {
            yield return WorkerFeatures.Channels;
        }

        if (model.Reads("beam_size"))
        {
            yield return WorkerFeatures.BeamSearch;
        }
    }
}
