namespace WhisperMesh.Router.Models;

/// <summary>GET /v1/models.</summary>
internal static class ModelsEndpoint
{
    public static ModelList List(ModelCatalog catalog) => new("list", [.. Objects(catalog)]);

    public static ModelObject Get(string model, ModelCatalog catalog) =>
        Objects(catalog).FirstOrDefault(entry => entry.Id == model) ?? throw RouterErrors.ModelNotFound(model);

    // Clients look for the name they ask with, so an alias is listed beside what it leads to.
    private static IEnumerable<ModelObject> Objects(ModelCatalog catalog) =>
        catalog.List()
            .SelectMany(entry => entry.Model.Aliases.Prepend(entry.Model.Id), (entry, id) => ModelObject.Of(id, entry.Since))
            .DistinctBy(model => model.Id)
            .OrderBy(model => model.Id, StringComparer.Ordinal);
}

internal sealed record ModelList(string Object, IReadOnlyList<ModelObject> Data);

/// <summary>A model as OpenAI's API lists it.</summary>
internal sealed record ModelObject(string Id, string Object, long Created, string OwnedBy)
{
    public static ModelObject Of(string id, DateTimeOffset since) => new(id, "model", since.ToUnixTimeSeconds(), "whispermesh");
}
