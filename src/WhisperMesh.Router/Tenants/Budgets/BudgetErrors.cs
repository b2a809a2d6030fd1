using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tenants.Budgets;

/// <summary>What a caller hears whose budget is used up.</summary>
internal static class BudgetErrors
{
    // A place may come free at any moment.
    private static readonly TimeSpan StreamRetry = TimeSpan.FromSeconds(1);

    public static MeshException Of(BudgetStanding refused)
    {
        var (budget, whose) = (refused.Budget, refused.Budget.OfKey ? "This API key" : "Your account");
        return budget.Kind switch
        {
            BudgetKind.Requests => Error(
                ErrorReasons.RateLimitExceeded, $"{whose} has reached its limit of {budget.Limit} requests a minute.", refused.ResetAfter),
            BudgetKind.Streams => Error(
                ErrorReasons.RateLimitExceeded, $"{whose} has reached its limit of {budget.Limit} requests at once.", StreamRetry),
            BudgetKind.Audio => Error(
                ErrorReasons.InsufficientQuota,
                $"{whose} has {refused.Remaining / 1000} of its {budget.Limit / 1000} seconds of audio left for today (UTC), "
                    + "which is too little for this request.",
                refused.ResetAfter),
            _ => Error(
                ErrorReasons.InsufficientQuota,
                $"{whose} has {refused.Remaining} of its {budget.Limit} characters left for today (UTC), which is too little for this request.",
                refused.ResetAfter),
        };
    }

    private static MeshException Error(string reason, string message, TimeSpan retryAfter) =>
        new(StatusCode.ResourceExhausted, reason, message) { RetryAfter = retryAfter };
}
