using WhisperMesh.Router.Requests;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>
/// The live streams of this router, whatever dialect their clients speak: gRPC, a WebSocket, OpenAI's realtime API, Riva's. A session
/// outlives its worker, which it replaces, and for a while its connection, which can come back with the token.
/// </summary>
internal interface ILiveSessions
{
    /// <summary>Opens a stream, or goes on with the one that <c>config.resume</c> names.</summary>
    /// <exception cref="MeshException">The stream can't be served; the message says why.</exception>
    Task<ILiveConnection> ConnectAsync(LiveConfig config, RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>The sessions now.</summary>
    IReadOnlyList<LiveSessionInfo> Sessions { get; }
}

/// <summary>
/// A client's hold on a session. Disposed before <see cref="CompleteAsync"/>, it counts as a connection that broke: the session
/// waits for its return.
/// </summary>
internal interface ILiveConnection : IAsyncDisposable
{
    LiveSessionInfo Session { get; }

    /// <summary>Takes the next audio, commit or clear. Waits when the worker is behind by more than the session keeps.</summary>
    /// <exception cref="MeshException">The message is bad, or the session has ended.</exception>
    ValueTask SendAsync(StreamLiveRequest message, CancellationToken cancellationToken);

    /// <summary>The client has sent all: the rest comes, then the summary.</summary>
    ValueTask CompleteAsync(CancellationToken cancellationToken);

    /// <summary>The client gives the session up: it ends now and can't be resumed.</summary>
    ValueTask AbandonAsync();

    /// <summary>The session's events from where the client stands, until the summary. Read once.</summary>
    /// <exception cref="MeshException">The session has failed; the message says why.</exception>
    IAsyncEnumerable<StreamLiveResponse> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>What there is to know of a session without its text.</summary>
/// <param name="Id">The request id.</param>
/// <param name="TenantId">Whose it is.</param>
/// <param name="CaptionName">Name under which it is published; empty: it is not.</param>
/// <param name="StartTime">When it began.</param>
internal sealed record LiveSessionInfo(string Id, string TenantId, string CaptionName, DateTimeOffset StartTime)
{
    /// <summary>Worker that serves it; empty while there is none.</summary>
    public string WorkerId { get; init; } = "";

    public string Model { get; init; } = "";

    /// <summary>Language of the last words; empty before the first.</summary>
    public string Language { get; init; } = "";

    public TimeSpan Received { get; init; }

    /// <summary>Audio before which every word is committed.</summary>
    public TimeSpan Committed { get; init; }

    public bool Busy { get; init; }

    /// <summary>Whether a client is connected.</summary>
    public bool Connected { get; init; } = true;
}
