using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>A transcription on its way through the stages; each may hand a changed copy on.</summary>
internal sealed record TranscriptionJob
{
    public required TranscriptionConfig Config { get; init; }

    /// <summary>The audio, possibly still growing.</summary>
    public required SpoolFile Audio { get; init; }

    public required RequestOrigin Origin { get; init; }

    /// <summary>Whether the caller sees segments while they are made.</summary>
    public bool Streams { get; init; }

    public CompressedAudio CompressedAudio { get; init; } = CompressedAudio.Preferred;

    /// <summary>By which route it goes; the default one until the routing stage has run.</summary>
    public RoutePlan Plan { get; init; } = RoutePlan.Default;

    /// <summary>Workers that must not have it, as one that gave a doubtful result.</summary>
    public IReadOnlySet<string> Excluded { get; init; } = new HashSet<string>();

    /// <summary>Language that the worker is chosen by where the request names none; empty: none was found.</summary>
    public string RouteLanguage { get; init; } = "";

    /// <summary>When the answer is worth nothing any more.</summary>
    public DateTime? Deadline => Plan.Deadline ?? Origin.Deadline;

    public WorkerRequirements Requirements => TranscriptionRequirements.Of(Config, CompressedAudio) with
    {
        Language = Config.LanguageCode.Length > 0 ? Config.LanguageCode : RouteLanguage,
    };
}
