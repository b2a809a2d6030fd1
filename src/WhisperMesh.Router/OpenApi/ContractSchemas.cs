using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Microsoft.OpenApi;
using WhisperMesh.Router.Explain.Telling;
using static WhisperMesh.Router.OpenApi.SchemaParts;

namespace WhisperMesh.Router.OpenApi;

/// <summary>Schemas of the contract's messages as <see cref="ContractJson"/> writes them; what each field means stands in the contract.</summary>
internal static class ContractSchemas
{
    public static Dictionary<string, IOpenApiSchema> Properties(MessageDescriptor message, Func<FieldDescriptor, bool> only) =>
        message.Fields.InDeclarationOrder().Where(only).ToDictionary(ContractJson.NameOf, IOpenApiSchema (field) => SchemaOf(message, field));

    private static OpenApiSchema SchemaOf(MessageDescriptor message, FieldDescriptor field)
    {
        var description = $"{message.FullName}.{field.Name}";
        var schema = Plain(field, description);
        return field.IsRepeated ? List(description, schema) : schema;
    }

    private static OpenApiSchema Plain(FieldDescriptor field, string description) => field.FieldType switch
    {
        FieldType.Message when field.MessageType == Duration.Descriptor => Number(description + ", in seconds"),
        FieldType.Message when field.MessageType == Timestamp.Descriptor => Text(description + ", RFC 3339"),
        FieldType.Message => Object(Properties(field.MessageType, static _ => true)),
        FieldType.Enum => Choice(description, field.EnumType.Values.Where(value => value.Number != 0).Select(value => ContractJson.WordOf(field.EnumType, value.Number))),
        FieldType.String => Text(description),
        FieldType.Bool => new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = description },
        FieldType.Float or FieldType.Double => Number(description),
        _ => Integer(description),
    };
}
