using Google.Protobuf;
using WhisperMesh.Requests.V1;

namespace WhisperMesh.Router.Explain.Storing;

/// <summary>A record as it is kept: its bytes, and the line of it that lists show.</summary>
internal sealed record KeptRecord(RequestLine Line, byte[] Bytes, DateTimeOffset KeptAt)
{
    // What the line and the places that hold it take beside the bytes, about.
    private const int Around = 700;

    public string Tenant => Line.Tenant;

    public string Id => Line.RequestId;

    public int Size => Bytes.Length + Around;

    public static KeptRecord Of(RequestRecord record, DateTimeOffset now) => new(record.Line, record.ToByteArray(), now);

    public RequestRecord Read() => RequestRecord.Parser.ParseFrom(Bytes);
}
