using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Spool;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>A request that may be answered from the cache, or kept there.</summary>
internal sealed record CachedRequest(TranscriptionJob Job, CacheTerms Terms, Servers Servers)
{
    private readonly byte[] _parameters = CanonicalParameters.Of(Job.Config);

    /// <summary>The span of the search.</summary>
    public required CacheLookup Lookup { get; init; }

    public ResultDetail Detail { get; } = ResultDetail.Of(Job.Config);

    public RequestClass Class { get; } =
        Job.Config.RequestClass == RequestClass.Unspecified ? Job.Plan.Class : Job.Config.RequestClass;

    /// <summary>Whether it may share its work with others; one that wants a fresh result may not.</summary>
    public bool Shares => Terms is { Reads: true, MaxAge: null };

    public CacheKey KeyOf(ContentHash content) => CacheKey.Of(Terms.Scope, content, _parameters, Servers.ToBytes());

    /// <summary>Whether a stored result serves it.</summary>
    public bool Takes(StoredResult result, DateTimeOffset now) =>
        result.Detail.Covers(Detail) && (Terms.MaxAge is not { } age || now - result.StoredAt <= age);
}
