using WhisperMesh.Router.Explain.Taking;
using WhisperMesh.Router.Tenants;
using WhisperMesh.Router.Tenants.Budgets;

namespace WhisperMesh.Router.Requests;

/// <summary>Where a request came from: what routes, budgets and the cache look at. The same for HTTP and gRPC, which carry it in headers.</summary>
internal sealed record RequestOrigin
{
    public required string RequestId { get; init; }

    public Caller Caller { get; init; } = Caller.Local;

    /// <summary>Takes how the caller's budgets stand, for the reply's headers.</summary>
    public BudgetReport Budgets { get; init; } = new();

    /// <summary>Value of a request header, or null.</summary>
    public Func<string, string?> Header { get; init; } = static _ => null;

    /// <summary>Notes what becomes of it; null: nobody does.</summary>
    public Journey? Journey { get; init; }

    /// <summary>When the caller stops waiting; null when it did not say.</summary>
    public DateTime? Deadline { get; init; }

    /// <param name="context">The request; made when it comes in, since its time runs from here.</param>
    /// <param name="requestId">Its id.</param>
    /// <param name="deadline">Deadline of the call, if there is one.</param>
    public static RequestOrigin Of(HttpContext context, string requestId, DateTime? deadline = null) => new()
    {
        RequestId = requestId,
        Caller = Caller.Of(context),
        Budgets = BudgetReport.Of(context),
        Journey = Journey.Of(context)?.Named(requestId),
        Header = name => context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null,
        Deadline = RequestTimeout.Deadline(context, deadline),
    };
}
