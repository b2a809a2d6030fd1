using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>A synthesis on its way through the stages; each may hand a changed copy on.</summary>
internal sealed record SynthesisJob
{
    public required SynthesizeRequest Request { get; init; }

    public required RequestOrigin Origin { get; init; }

    /// <summary>By which route it goes; the default one until the routing stage has run.</summary>
    public RoutePlan Plan { get; init; } = RoutePlan.Default;

    /// <summary>When the answer is worth nothing any more.</summary>
    public DateTime? Deadline => Plan.Deadline ?? Origin.Deadline;

    public WorkerRequirements Requirements => new()
    {
        Kind = ModelKind.Synthesis,
        Model = Request.Model,
        Voice = Request.Voice,
        Features = [WorkerFeatures.Synthesize],
        CompressedAudio = Request.AudioFormat?.Encoding
            is AudioEncoding.Mp3 or AudioEncoding.Opus or AudioEncoding.Flac or AudioEncoding.Aac
            ? CompressedAudio.Required
            : CompressedAudio.None,
    };
}
