namespace WhisperMesh.Router.Captions.Viewers;

/// <summary>GET /v1/captions/{name}: what there is under a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Run">Session that is shown; another one under the same name has another.</param>
/// <param name="State">live, paused or ended.</param>
/// <param name="StartedAt">When the session began.</param>
/// <param name="Language">Language of the latest words; empty before the first.</param>
/// <param name="Captions">Complete captions kept.</param>
/// <param name="Duration">Seconds of audio.</param>
/// <param name="Viewers">Viewers at this router.</param>
internal sealed record ChannelDescription(
    string Name, string Run, string State, DateTimeOffset StartedAt, string Language, int Captions, double Duration, int Viewers);

/// <summary>GET /v1/captions/{name}/link: what a producer gives its viewers. Paths at this router's HTTP address.</summary>
/// <param name="Name">The name.</param>
/// <param name="View">Token that the paths carry; unset where none is needed.</param>
/// <param name="Page">Page for people.</param>
/// <param name="Events">Server-sent events.</param>
/// <param name="Ws">WebSocket.</param>
/// <param name="Hls">HLS playlist.</param>
/// <param name="Vtt">WebVTT so far.</param>
internal sealed record ViewerLink(string Name, string? View, string Page, string Events, string Ws, string Hls, string Vtt)
{
    public static ViewerLink Of(string name, string? view)
    {
        var query = view is null ? "" : $"?{ViewerAccess.TokenParameter}={view}";
        var root = $"/v1/captions/{name}/";
        return new ViewerLink(
            name,
            view,
            $"/captions/{name}{query}",
            $"{root}events{query}",
            $"{root}ws{query}",
            $"{root}live.m3u8{query}",
            $"{root}captions.vtt{query}");
    }
}
