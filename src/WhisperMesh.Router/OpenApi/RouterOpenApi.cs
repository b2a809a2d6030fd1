using Microsoft.OpenApi;

namespace WhisperMesh.Router.OpenApi;

/// <summary>The OpenAPI document at /openapi/v1.json.</summary>
internal static class RouterOpenApi
{
    public static IServiceCollection AddRouterOpenApi(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "WhisperMesh",
                    Version = "v1",
                    Description = "Speech to text and text to speech on your own machines, in the shapes of OpenAI's audio API.",
                };
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                var name = context.Description.ActionDescriptor.EndpointMetadata.OfType<EndpointNameMetadata>().FirstOrDefault()?.EndpointName;
                OperationDescriptions.Describe(operation, name);
                RequestHeaderSchemas.Describe(operation, name);
                return Task.CompletedTask;
            });
        });
}
