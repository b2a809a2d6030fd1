using System.Text.Json.Serialization;
using WhisperMesh.Router.Tenants.Usage;

namespace WhisperMesh.Router.Tenants.Api;

/// <summary>JSON of the endpoints about keys and usage. What is not known in a request is refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyObject))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(KeyDeleted))]
[JsonSerializable(typeof(UsageReport))]
internal sealed partial class TenantJson : JsonSerializerContext;
