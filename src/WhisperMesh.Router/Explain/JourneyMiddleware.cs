using System.Globalization;
using Grpc.Core;
using WhisperMesh.Router.Explain.Storing;
using WhisperMesh.Router.Explain.Taking;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;

namespace WhisperMesh.Router.Explain;

/// <summary>Begins to note what becomes of a request, once it is known whose it is, and ends with its reply.</summary>
internal sealed class JourneyMiddleware(RequestDelegate next, Journeys journeys)
{
    public Task InvokeAsync(HttpContext context) =>
        journeys.Keeps && context.GetEndpoint()?.Metadata.GetMetadata<ExplainedAttribute>() is { } explained
            ? FollowAsync(context, journeys.Begin(context, explained.Operation))
            : next(context);

    private async Task FollowAsync(HttpContext context, Journey journey)
    {
        context.Features.Set(journey);
        try
        {
            await next(context);
            if (OpenAiErrorMiddleware.IsGrpc(context))
            {
                var failure = JourneyFailure.OfCall(context.Response);
                journey.OnReplied(failure?.Status ?? nameof(StatusCode.OK), failure);
            }
            else
            {
                journey.OnReplied(context.Response.StatusCode.ToString(CultureInfo.InvariantCulture), failure: null);
            }
        }
        catch (Exception e)
        {
            journey.Fail(e, context.RequestAborted.IsCancellationRequested);
            throw;
        }
        finally
        {
            journey.Leave(RequestIdentity.Of(context).Id);
        }
    }
}
