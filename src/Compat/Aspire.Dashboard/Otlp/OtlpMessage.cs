using Google.Protobuf;

namespace Aspire.Dashboard.Otlp;

internal static class OtlpMessage<TRequest>
    where TRequest : class, IMessage<TRequest>, new()
{
    /// <summary>Fields that the dashboard doesn't read must not occupy memory.</summary>
    public static readonly MessageParser<TRequest> Parser = new MessageParser<TRequest>(() => new TRequest()).WithDiscardUnknownFields(true);
}
