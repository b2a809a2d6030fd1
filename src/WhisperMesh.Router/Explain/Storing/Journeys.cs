using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Explain.Taking;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Tenants;

namespace WhisperMesh.Router.Explain.Storing;

/// <summary>
/// The requests that run at this router, and those that have ended and wait to be written down. A request never waits for it: what
/// ends faster than it can be written is forgotten.
/// </summary>
internal sealed class Journeys(IOptions<ExplainOptions> options, TimeProvider time, ILogger<Journeys> logger)
{
    /// <summary>Requests, or records of them, that may wait at one place.</summary>
    public const int MostWaiting = 4096;

    private const int LongestLoggedText = 4000;

    private readonly ConcurrentDictionary<(string Tenant, string Id), Journey> _known = new();
    private readonly Channel<Journey> _ended = Channel.CreateBounded<Journey>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    private long _forgotten;

    /// <summary>Whether records are kept.</summary>
    public bool Keeps { get; } = options.Value.Keep;

    /// <summary>Those that have ended, in order.</summary>
    public ChannelReader<Journey> Ended => _ended.Reader;

    /// <summary>Requests of which nothing is kept, since too many ended at once.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    /// <summary>Those that run, or ended a moment ago.</summary>
    public IEnumerable<Journey> Known => _known.Values;

    public Journey Begin(HttpContext context, string operation)
    {
        var protocol = OpenAiErrorMiddleware.IsGrpc(context) ? Protocols.Grpc
            : context.WebSockets.IsWebSocketRequest ? Protocols.WebSocket
            : Protocols.Http;
        return new Journey(this, time, Caller.Of(context).TenantId, operation, protocol, TraceOf(context));
    }

    public bool TryFind(string tenant, string id, [NotNullWhen(true)] out Journey? journey) => _known.TryGetValue((tenant, id), out journey);

    /// <summary>It is written down: from here on others know of it.</summary>
    public void Forget(Journey journey) => _known.TryRemove(new(KeyOf(journey), journey));

    // While two run under one name the first has it: a client that comes back to its live session names that once more.
    internal void OnNamed(Journey journey) => _known.TryAdd(KeyOf(journey), journey);

    internal void OnEnded(Journey journey, bool isTold)
    {
        // Here and not where records are written down: the line has the trace of the request.
        if (journey.Plan is { KeepsText: true } && journey.Text(LongestLoggedText) is { Length: > 0 } text)
        {
            ExplainLog.Heard(logger, journey.Id, journey.Tenant, text);
        }

        if (!isTold)
        {
            Forget(journey);
            return;
        }

        // One that failed before it was named can be asked for from now on.
        OnNamed(journey);
        if (!_ended.Writer.TryWrite(journey))
        {
            Interlocked.Increment(ref _forgotten);
            Forget(journey);
        }
    }

    // Where this process traces nothing, its caller may.
    private static ActivityTraceId TraceOf(HttpContext context) => Activity.Current?.TraceId
        ?? (ActivityContext.TryParse(context.Request.Headers.TraceParent, null, out var parent) ? parent.TraceId : default);

    private static (string, string) KeyOf(Journey journey) => (journey.Tenant, journey.Id);
}
