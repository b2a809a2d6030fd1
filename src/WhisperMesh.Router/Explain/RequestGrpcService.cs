using Grpc.Core;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Tenants;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Explain;

/// <summary>Records for gRPC clients.</summary>
internal sealed class RequestGrpcService(RecordLookup lookup) : RequestService.RequestServiceBase
{
    public override async Task<GetRequestResponse> GetRequest(GetRequestRequest request, ServerCallContext context) => new()
    {
        Request = await lookup.FindAsync(
            request.RequestId, Named(request.Tenant), Caller.Of(context.GetHttpContext()), context.CancellationToken),
    };

    public override async Task<ListRequestsResponse> ListRequests(ListRequestsRequest request, ServerCallContext context)
    {
        if (request.PageSize is < 0 or > RecordLookup.MaxLimit)
        {
            throw MeshException.InvalidArgument("page_size", $"page_size must be between 1 and {RecordLookup.MaxLimit}.");
        }

        if (!Enum.IsDefined(request.Filter))
        {
            throw MeshException.InvalidArgument("filter", $"{request.Filter} is no value of filter.");
        }

        var lines = await lookup.ListAsync(
            request.Filter,
            request.PageSize == 0 ? RecordLookup.DefaultLimit : request.PageSize,
            Named(request.Tenant),
            Caller.Of(context.GetHttpContext()),
            context.CancellationToken);
        return new ListRequestsResponse { Requests = { lines } };
    }

    private static string? Named(string tenant) => tenant.Length > 0 ? tenant : null;
}
