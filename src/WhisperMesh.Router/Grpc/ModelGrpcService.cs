using Grpc.Core;
using WhisperMesh.Router.Models;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Grpc;

/// <summary>The list of models for gRPC clients.</summary>
internal sealed class ModelGrpcService(ModelCatalog catalog) : ModelService.ModelServiceBase
{
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        var response = new ListModelsResponse();
        response.Models.AddRange(catalog.List().Select(entry => entry.Model));
        return Task.FromResult(response);
    }
}
