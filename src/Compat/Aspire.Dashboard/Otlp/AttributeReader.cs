using System.Globalization;
using System.Text;
using Aspire.Dashboard.Configuration;
using Aspire.Dashboard.Telemetry;
using Google.Protobuf;
using OpenTelemetry.Proto.Common.V1;

namespace Aspire.Dashboard.Otlp;

/// <summary>Turns OTLP values into text, cut to the limits.</summary>
internal sealed class AttributeReader(TelemetryLimits limits)
{
    private const int MaxKeyLength = 256;

    public TelemetryAttribute[] Read(IEnumerable<KeyValue> attributes) =>
        [.. attributes.Take(limits.MaxAttributeCount).Select(a => new TelemetryAttribute(Cut(a.Key, MaxKeyLength), ReadValue(a.Value)))];

    public string ReadValue(AnyValue? value)
    {
        if (value?.ValueCase == AnyValue.ValueOneofCase.StringValue)
        {
            return Cut(value.StringValue);
        }

        var text = new StringBuilder();
        Append(text, value);
        return Cut(text.ToString());
    }

    public string Cut(string text) => Cut(text, limits.MaxAttributeLength);

    /// <summary>For what names things: services, instances, meters.</summary>
    public static string CutName(string text) => Cut(text, MaxKeyLength);

    /// <summary>An id as lower-case hex; empty unless it has the length and is not all zero.</summary>
    public static string ReadId(ByteString id, int length) =>
        id.Length == length && id.Span.ContainsAnyExcept((byte)0) ? Convert.ToHexStringLower(id.Span) : "";

    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        // Not between the halves of a surrogate pair.
        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    // The parser limits the depth of nesting; the length is checked here, so that a large list isn't written out to be cut after.
    private void Append(StringBuilder text, AnyValue? value)
    {
        if (text.Length > limits.MaxAttributeLength)
        {
            return;
        }

        switch (value?.ValueCase)
        {
            case AnyValue.ValueOneofCase.StringValue:
                text.Append(value.StringValue);
                break;
            case AnyValue.ValueOneofCase.BoolValue:
                text.Append(value.BoolValue ? "true" : "false");
                break;
            case AnyValue.ValueOneofCase.IntValue:
                text.Append(value.IntValue);
                break;
            case AnyValue.ValueOneofCase.DoubleValue:
                text.Append(CultureInfo.InvariantCulture, $"{value.DoubleValue}");
                break;
            case AnyValue.ValueOneofCase.BytesValue:
                var shown = Math.Min(value.BytesValue.Length, limits.MaxAttributeLength);
                text.Append(Convert.ToHexStringLower(value.BytesValue.Span[..shown]));
                break;
            case AnyValue.ValueOneofCase.ArrayValue:
                AppendAll(text, '[', value.ArrayValue.Values, Append, ']');
                break;
            case AnyValue.ValueOneofCase.KvlistValue:
                AppendAll(text, '{', value.KvlistValue.Values, AppendPair, '}');
                break;
        }
    }

    private void AppendPair(StringBuilder text, KeyValue pair)
    {
        text.Append(pair.Key).Append(": ");
        Append(text, pair.Value);
    }

    private void AppendAll<T>(StringBuilder text, char open, IEnumerable<T> items, Action<StringBuilder, T> append, char close)
    {
        text.Append(open);
        var separator = "";
        foreach (var item in items.TakeWhile(_ => text.Length <= limits.MaxAttributeLength))
        {
            text.Append(separator);
            append(text, item);
            separator = ", ";
        }

        text.Append(close);
    }
}
