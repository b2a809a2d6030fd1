using System.Net.Mime;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.Router.Captions.Files;
using WhisperMesh.Router.Tenants;

namespace WhisperMesh.Router.Captions.Viewers;

/// <summary>Captions as files, live and afterwards.</summary>
internal sealed class CaptionFilesEndpoint(CaptionBoard board, CaptionPublisher publisher, ViewerAccess access, IOptions<CaptionOptions> options)
{
    private const string RunParameter = "run";
    private const string Vtt = "text/vtt; charset=utf-8";

    public async Task<IResult> DescribeAsync(HttpContext context, string name)
    {
        var channel = await OpenAsync(context, name);
        var log = channel.Log;
        return TypedResults.Json(
            new ChannelDescription(
                name, log.Run, log.State, log.StartedAt, log.Language, log.Captions.Count, log.Duration.TotalSeconds, channel.ViewerCount),
            CaptionJson.Readable.ChannelDescription);
    }

    /// <summary>The link for viewers, for the tenant whose captions they are.</summary>
    public async Task<IResult> LinkAsync(HttpContext context, string name)
    {
        var key = new ChannelKey(Caller.Of(context).TenantId, name);
        // A speaker asks as soon as the stream has begun.
        await publisher.WaitForBeginAsync(key, context.RequestAborted);
        var channel = TenantIds.IsValid(name) ? await board.FindAsync(key) : null;
        context.Response.Headers.CacheControl = "no-store";
        return channel is { Log.Run.Length: > 0 }
            ? TypedResults.Json(ViewerLink.Of(name, access.IsClosed ? channel.ViewToken : null), CaptionJson.Readable.ViewerLink)
            : throw ViewerAccess.NotFound();
    }

    public async Task<IResult> VttAsync(HttpContext context, string name) =>
        TypedResults.Text(CaptionFiles.Vtt((await OpenAsync(context, name)).Log.Captions), Vtt);

    public async Task<IResult> SrtAsync(HttpContext context, string name) =>
        TypedResults.Text(CaptionFiles.Srt((await OpenAsync(context, name)).Log.Captions), "application/x-subrip; charset=utf-8");

    public async Task<IResult> TextAsync(HttpContext context, string name) =>
        TypedResults.Text(CaptionFiles.Text((await OpenAsync(context, name)).Log.Captions), $"{MediaTypeNames.Text.Plain}; charset=utf-8");

    public async Task<IResult> JsonAsync(HttpContext context, string name) => TypedResults.Json(
        CaptionDocument.Of(name, (await OpenAsync(context, name)).Log), CaptionJson.Readable.CaptionDocument);

    public async Task<IResult> PlaylistAsync(HttpContext context, string name)
    {
        var channel = await OpenAsync(context, name);

        // A player asks for what the playlist says, and adds nothing to it.
        var token = context.Request.Query[ViewerAccess.TokenParameter].ToString();
        var query = access.IsClosed && token.Length > 0 ? $"&{ViewerAccess.TokenParameter}={Uri.EscapeDataString(token)}" : "";
        return TypedResults.Text(HlsCaptions.Playlist(channel.Log, options.Value, query), "application/vnd.apple.mpegurl");
    }

    public async Task<IResult> SegmentAsync(HttpContext context, string name, long number)
    {
        var log = (await OpenAsync(context, name)).Log;
        var run = context.Request.Query[RunParameter].ToString();
        if ((run.Length > 0 && run != log.Run) || HlsCaptions.Segment(log, options.Value, number) is not { } segment)
        {
            throw ViewerAccess.NotFound();
        }

        // With its session named, a segment is the same for ever.
        context.Response.Headers.CacheControl = run.Length > 0 ? "private, max-age=86400, immutable" : "no-store";
        return TypedResults.Text(segment, Vtt);
    }

    private async ValueTask<CaptionChannel> OpenAsync(HttpContext context, string name)
    {
        var channel = await access.OpenAsync(context, name);
        context.Response.Headers.CacheControl = "no-store";
        if (access.IsClosed)
        {
            // Players on other sites may read them: who has the link has all that it takes, and no cookie is ever looked at.
            context.Response.Headers.AccessControlAllowOrigin = "*";
        }

        return channel;
    }
}
