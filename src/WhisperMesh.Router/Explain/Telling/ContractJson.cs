using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace WhisperMesh.Router.Explain.Telling;

/// <summary>
/// A message of the contract in the words of the HTTP API: durations as numbers of seconds, constants in lower case without their
/// prefix, and what is not set left out.
/// </summary>
internal static class ContractJson
{
    /// <summary>Writes a message's fields, without braces.</summary>
    public static void WriteFields(Utf8JsonWriter json, IMessage message, Predicate<FieldDescriptor>? only = null)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(field => only is null || only(field)))
        {
            var value = field.Accessor.GetValue(message);
            if (IsAbsent(field, message, value))
            {
                continue;
            }

            json.WritePropertyName(NameOf(field));
            if (field.IsRepeated)
            {
                json.WriteStartArray();
                foreach (var item in (IList)value)
                {
                    Write(json, field, item!);
                }

                json.WriteEndArray();
            }
            else
            {
                Write(json, field, value);
            }
        }
    }

    /// <summary>Name of a field in JSON.</summary>
    public static string NameOf(FieldDescriptor field)
    {
        if (field.FieldType != FieldType.Message || field.MessageType != Duration.Descriptor)
        {
            return field.Name;
        }

        string[] endings = ["_duration", "_offset"];
        var ending = Array.Find(endings, ending => field.Name.EndsWith(ending, StringComparison.Ordinal)) ?? "";
        return field.Name[..^ending.Length] + "_seconds";
    }

    /// <summary>A constant in JSON: SEGMENT_VERDICT_OK of the type SegmentVerdict is "ok".</summary>
    public static string WordOf(EnumDescriptor type, int number)
    {
        var name = type.FindValueByNumber(number)?.Name ?? number.ToString(CultureInfo.InvariantCulture);
        var unset = type.FindValueByNumber(0)!.Name;
        var prefix = unset[..^"UNSPECIFIED".Length];
        return (name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name).ToLowerInvariant();
    }

    /// <summary>A constant in a sentence: RequestState.Running is "running".</summary>
    public static string Spaced<T>(T value)
        where T : struct, System.Enum =>
        string.Concat(value.ToString().Select((letter, i) => i > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    private static bool IsAbsent(FieldDescriptor field, IMessage message, object? value) =>
        value is null
        || (field.HasPresence && !field.Accessor.HasValue(message))
        || (field is { IsRepeated: false, FieldType: FieldType.Enum } && Convert.ToInt32(value, CultureInfo.InvariantCulture) == 0);

    private static void Write(Utf8JsonWriter json, FieldDescriptor field, object value)
    {
        switch (value)
        {
            case Duration duration:
                json.WriteNumberValue(Math.Round(duration.ToTimeSpan().TotalSeconds, 6));
                break;
            case Timestamp timestamp:
                json.WriteStringValue(timestamp.ToDateTimeOffset());
                break;
            case IMessage message:
                json.WriteStartObject();
                WriteFields(json, message);
                json.WriteEndObject();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case System.Enum constant:
                json.WriteStringValue(WordOf(field.EnumType, Convert.ToInt32(constant, CultureInfo.InvariantCulture)));
                break;
            case float number:
                // As a decimal: what was a short number stays one.
                json.WriteNumberValue(float.IsFinite(number) ? Math.Round((double)number, 6) : 0);
                break;
            case double number:
                json.WriteNumberValue(double.IsFinite(number) ? Math.Round(number, 6) : 0);
                break;
            default:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
