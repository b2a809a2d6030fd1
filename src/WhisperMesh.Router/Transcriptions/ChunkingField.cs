using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions;

/// <summary>
/// The field <c>chunking_strategy</c>: "auto", or how the server is to tell speech from silence, as one JSON object or, as OpenAI's own
/// clients send objects, a field for each member: <c>chunking_strategy[threshold]</c>.
/// </summary>
internal sealed class ChunkingField
{
    public const string Name = "chunking_strategy";
    public const string Auto = "auto";
    public const string ServerVad = "server_vad";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private string? _type;

    /// <summary>What is asked for; null for "auto", the engine's own way, which is what holds without the field too.</summary>
    public VoiceActivity? Voice { get; private set; }

    public static bool Is(string name) =>
        name == Name || (name.StartsWith(Name + "[", StringComparison.Ordinal) && name.EndsWith(']') && name.Length > Name.Length + 2);

    public void Add(string name, string value)
    {
        if (name != Name)
        {
            Set(name[(Name.Length + 1)..^1], value);
        }
        else if (value is Auto or "\"auto\"")
        {
            _type = Auto;
        }
        else
        {
            AddObject(value);
        }
    }

    /// <summary>Checks what depends on several members, once all are there.</summary>
    public void Complete()
    {
        if (_type != ServerVad && Voice is not null)
        {
            throw Bad("'type' in 'chunking_strategy' must be 'server_vad'.");
        }
    }

    private void AddObject(string value)
    {
        try
        {
            using var json = JsonDocument.Parse(value, Strict);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw NeitherNor();
            }

            Voice ??= new VoiceActivity();
            foreach (var member in json.RootElement.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
            {
                Set(member.Name, member.Value.ToString());
            }
        }
        catch (JsonException)
        {
            throw NeitherNor();
        }

        Complete();
    }

    private void Set(string member, string value)
    {
        Voice ??= new VoiceActivity();
        switch (member)
        {
            case "type":
                _type = value;
                break;
            case "threshold":
                Voice.Threshold = FieldValues.Number(Name, value);
                break;
            case "silence_duration_ms":
                Voice.SilenceDuration = Milliseconds(value);
                break;
            case "prefix_padding_ms":
                Voice.PrefixPadding = Milliseconds(value);
                break;
            default:
                throw Bad($"There is no '{RequestChecks.Shortened(member)}' in 'chunking_strategy'.");
        }
    }

    private static Duration Milliseconds(string value) =>
        Duration.FromTimeSpan(TimeSpan.FromMilliseconds(FieldValues.Integer(Name, value)));

    private static ApiException NeitherNor() => Bad("'chunking_strategy' must be 'auto' or a JSON object with the type 'server_vad'.");

    private static ApiException Bad(string message) => ApiException.BadRequest(Name, message);
}
