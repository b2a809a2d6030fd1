using WhisperMesh.Router.Http;
using WhisperMesh.Router.Tenants.Authentication;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tenants.Budgets;

/// <summary>
/// On what is metered, says in every reply how the caller's budgets stand: in headers, over gRPC in trailers, since there the headers
/// go out before the request is read.
/// </summary>
internal sealed class BudgetMiddleware(RequestDelegate next, BudgetGate gate)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!IsMetered(context))
        {
            await next(context);
            return;
        }

        var report = new BudgetReport();
        context.Features.Set(report);
        await (OpenAiErrorMiddleware.IsGrpc(context) ? CallAsync(context, report) : RequestAsync(context, report));
    }

    private async Task RequestAsync(HttpContext context, BudgetReport report)
    {
        context.Response.OnStarting(() =>
        {
            foreach (var (name, value) in RateLimitHeaders.Of(report.Standings))
            {
                context.Response.Headers[name] = value;
            }

            return Task.CompletedTask;
        });
        gate.Precheck(Caller.Of(context), report);
        await next(context);
    }

    private async Task CallAsync(HttpContext context, BudgetReport report)
    {
        try
        {
            gate.Precheck(Caller.Of(context), report);
        }
        catch (MeshException e)
        {
            GrpcRefusal.Write(context.Response, e);
            AddTrailers(context.Response, report);
            return;
        }

        await next(context);
        AddTrailers(context.Response, report);
    }

    // Of a reply without any message, the headers are the trailers.
    private static void AddTrailers(HttpResponse response, BudgetReport report)
    {
        foreach (var (name, value) in RateLimitHeaders.Of(report.Standings))
        {
            if (!response.HasStarted)
            {
                response.Headers[name] = value;
            }
            else if (response.SupportsTrailers())
            {
                response.AppendTrailer(name, value);
            }
        }
    }

    private static bool IsMetered(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>() is { } scope
        && scope.AnyOf.All(any => any is Scopes.Transcribe or Scopes.Speak);
}
