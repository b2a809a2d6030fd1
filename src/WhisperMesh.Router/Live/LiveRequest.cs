using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>What a stream was asked for, checked and routed. Constant while it runs.</summary>
internal sealed record LiveRequest
{
    /// <summary>As workers get it, but for what differs between them.</summary>
    public required LiveConfig Config { get; init; }

    /// <summary>As the client sent it, to compare it with when the client returns.</summary>
    public required LiveConfig Asked { get; init; }

    public required RequestOrigin Origin { get; init; }

    public required WorkerRequirements Requirements { get; init; }

    public required RoutePlan Plan { get; init; }

    public required LiveFormat Format { get; init; }

    /// <summary>Bytes of audio that are kept for another worker.</summary>
    public required long TailBytes { get; init; }

    /// <summary>Where a stream goes on that another router had; null: it begins.</summary>
    public LiveResume? Resume { get; init; }

    public string Id => Config.RequestId;

    public string TenantId => Origin.Caller.TenantId;
}
