using System.Text;
using System.Text.Json;

namespace WhisperMesh.Router.Captions.Channels;

/// <summary>An event as bytes, made once for all who get it.</summary>
internal sealed class SharedEvent
{
    private byte[]? _sse;

    private SharedEvent(string type, string? id, byte[] json) => (Type, Id, Json) = (type, id, json);

    public string Type { get; }

    /// <summary>Place from which a viewer can go on; null: it is no such place.</summary>
    public string? Id { get; }

    public byte[] Json { get; }

    /// <summary>The same as a server-sent event.</summary>
    public byte[] Sse => _sse ??= Encoding.UTF8.GetBytes(
        $"event: {Type}\n{(Id is null ? "" : $"id: {Id}\n")}data: {Encoding.UTF8.GetString(Json)}\n\n");

    /// <summary>Latest tells all: an earlier one need not arrive.</summary>
    public bool IsReplaceable => Type is CaptionEventTypes.Tentative or CaptionEventTypes.Status;

    public static SharedEvent Of(CaptionEvent value) => Of(value, JsonSerializer.SerializeToUtf8Bytes(value, CaptionJson.Readable.CaptionEvent));

    /// <param name="value">The event.</param>
    /// <param name="json">The same as it came from another router.</param>
    public static SharedEvent Of(CaptionEvent value, byte[] json) => new(
        value.Type,
        value.Type is CaptionEventTypes.Caption or CaptionEventTypes.Ended ? ViewerPlace.Text(value.Run, value.Id ?? 0, value.Type) : null,
        json);

    public static SharedEvent Of(CaptionScreen screen) => new(
        CaptionEventTypes.State,
        ViewerPlace.Text(screen.Run, screen.LastId, CaptionEventTypes.State),
        JsonSerializer.SerializeToUtf8Bytes(screen, CaptionJson.Readable.CaptionScreen));
}

/// <summary>Where a viewer stands: the last caption that arrived, and whether the end did.</summary>
/// <param name="Run">Session of the channel.</param>
/// <param name="Id">Last caption.</param>
/// <param name="Ended">Whether the end was told.</param>
internal readonly record struct ViewerPlace(string Run, long Id, bool Ended)
{
    private const string EndMark = "end";

    public static string Text(string run, long id, string type) =>
        type == CaptionEventTypes.Ended ? $"{run}-{id}-{EndMark}" : $"{run}-{id}";

    /// <summary>Reads an id; null for what is none of ours.</summary>
    public static ViewerPlace? Parse(string? text)
    {
        var parts = (text ?? "").Split('-');
        return parts.Length is 2 or 3 && long.TryParse(parts[1], System.Globalization.CultureInfo.InvariantCulture, out var id)
            ? new ViewerPlace(parts[0], id, parts.Length == 3 && parts[2] == EndMark)
            : null;
    }
}
