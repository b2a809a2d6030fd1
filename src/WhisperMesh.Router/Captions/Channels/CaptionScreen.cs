using System.Text.Json;
using System.Text.Json.Serialization;

namespace WhisperMesh.Router.Captions.Channels;

/// <summary>What a viewer gets who comes, or who was too slow and goes on from the present.</summary>
internal sealed record CaptionScreen(string Name, string Run, string State, DateTimeOffset StartedAt, IReadOnlyList<CaptionEvent> Captions, long LastId)
{
    public string Type { get; init; } = CaptionEventTypes.State;

    /// <summary>What is known of the next caption.</summary>
    public CaptionEvent? Tentative { get; init; }

    /// <summary>How the channel is served.</summary>
    public CaptionEvent? Status { get; init; }

    /// <summary>Captions that this viewer missed and that are not in <see cref="Captions"/>; unset: none.</summary>
    public long? Skipped { get; init; }
}

/// <summary>JSON of captions: snake_case, text as it is, nothing for what is unset.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CaptionEvent))]
[JsonSerializable(typeof(CaptionScreen))]
[JsonSerializable(typeof(Files.CaptionDocument))]
[JsonSerializable(typeof(Viewers.ChannelDescription))]
[JsonSerializable(typeof(Viewers.ViewerLink))]
[JsonSerializable(typeof(Sharing.StoredProducer))]
internal sealed partial class CaptionJson : JsonSerializerContext
{
    /// <summary>For what is never embedded in HTML.</summary>
    public static CaptionJson Readable => Unescaped.Instance;

    // Apart, because the order of static fields over the parts of a class is not defined.
    private static class Unescaped
    {
        public static readonly CaptionJson Instance = new(new JsonSerializerOptions(Default.Options)
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }
}
