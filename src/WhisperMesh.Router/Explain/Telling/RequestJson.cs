using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using WhisperMesh.Requests.V1;

namespace WhisperMesh.Router.Explain.Telling;

/// <summary>Records in JSON, as GET /v1/requests replies and <c>whispermesh explain --json</c> prints.</summary>
internal static class RequestJson
{
    private const string Line = "line";

    // Never embedded in HTML.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(RequestRecord record, bool indented = false) => Write(indented, json =>
    {
        json.WriteString("object", "request");
        ContractJson.WriteFields(json, record.Line ?? new RequestLine());
        ContractJson.WriteFields(json, record, field => field.Name != Line);
    });

    public static byte[] Of(IEnumerable<RequestLine> lines) => Write(indented: false, json =>
    {
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var line in lines)
        {
            json.WriteStartObject();
            json.WriteString("object", "request");
            ContractJson.WriteFields(json, line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static byte[] Write(bool indented, Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Readable with { Indented = indented }))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
