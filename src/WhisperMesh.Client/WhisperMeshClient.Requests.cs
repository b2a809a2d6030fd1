using Grpc.Core;
using WhisperMesh.Requests.V1;

namespace WhisperMesh.Client;

public sealed partial class WhisperMeshClient
{
    /// <summary>Says what became of a request: its route and the alternatives, where its time went, its scores. Without any text.</summary>
    /// <param name="requestId">Its id, as the reply named it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="WhisperMeshException">There is no record of it, or not for this caller.</exception>
    public async Task<RequestRecord> ExplainAsync(string requestId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(requestId);
        using var activity = ClientTelemetry.Start("explain");
        try
        {
            var response = await _requests.GetRequestAsync(new GetRequestRequest { RequestId = requestId }, cancellationToken: cancellationToken);
            return response.Request;
        }
        catch (RpcException exception)
        {
            throw Translate(exception, activity, cancellationToken);
        }
    }

    /// <summary>Lists the caller's latest requests, newest first.</summary>
    /// <param name="filter">Which of them.</param>
    /// <param name="limit">How many at most, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="WhisperMeshException">The mesh refused or could not be reached.</exception>
    public async Task<IReadOnlyList<RequestLine>> ListRequestsAsync(
        RequestFilter filter = RequestFilter.Unspecified, int limit = 50, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        using var activity = ClientTelemetry.Start("list_requests");
        try
        {
            var request = new ListRequestsRequest { Filter = filter, PageSize = limit };
            var response = await _requests.ListRequestsAsync(request, cancellationToken: cancellationToken);
            return response.Requests;
        }
        catch (RpcException exception)
        {
            throw Translate(exception, activity, cancellationToken);
        }
    }
}
