using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.Router.Captions.Sharing;
using WhisperMesh.Router.Captions.Viewers;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Tenants.Authentication;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Captions;

internal static class CaptionExtensions
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds captions of live sessions.</summary>
    public static IServiceCollection AddCaptions(this IServiceCollection services)
    {
        services.AddValidatedOptions<CaptionOptions, CaptionOptionsValidator>(CaptionOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CaptionOptions>, CaptionSettingsValidator>());
        services.AddSingleton<CaptionStore>();
        services.AddSingleton<CaptionClaims>();
        services.AddSingleton<ICaptionNames>(provider => provider.GetRequiredService<CaptionClaims>());
        services.AddSingleton<CaptionBoard>();
        services.AddSingleton<CaptionPublisher>();
        services.AddSingleton<ILiveObserver>(provider => provider.GetRequiredService<CaptionPublisher>());
        services.AddSingleton<CaptionKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<CaptionKeeper>());
        services.AddSingleton<CaptionMetrics>();
        services.MakeAtStart<CaptionMetrics>();
        services.AddSingleton<ViewerAccess>();
        services.AddSingleton<ViewerLoop>();
        services.AddSingleton<ViewerEndpoint>();
        services.AddSingleton<CaptionFilesEndpoint>();
        services.AddSingleton<CaptionPage>();
        return services;
    }

    /// <summary>Maps what viewers use. Its endpoints let viewers in themselves, by token or by key.</summary>
    public static void MapCaptions(this WebApplication app)
    {
        var captions = app.MapGroup("/v1/captions/{name}").AllowAnonymous();
        captions.MapGet("", (HttpContext context, string name, [FromServices] CaptionFilesEndpoint files) => files.DescribeAsync(context, name))
            .WithName("getCaptions").WithSummary("Says what captions there are under a name.");
        captions.MapGet("/events", (HttpContext context, string name, [FromServices] ViewerEndpoint viewers) => viewers.StreamAsync(context, name))
            .WithName("streamCaptions").WithSummary("Captions as they come, as server-sent events.");
        captions.MapGet("/ws", (HttpContext context, string name, [FromServices] ViewerEndpoint viewers) => viewers.ConnectAsync(context, name))
            .WithName("connectCaptions").WithSummary("Captions as they come, over a WebSocket.");
        captions.MapFile("/captions.vtt", "getCaptionsVtt", "Captions so far as WebVTT.", files => files.VttAsync);
        captions.MapFile("/captions.srt", "getCaptionsSrt", "Captions so far as SRT.", files => files.SrtAsync);
        captions.MapFile("/captions.txt", "getCaptionsText", "What was said so far as text.", files => files.TextAsync);
        captions.MapFile("/captions.json", "getCaptionsJson", "Captions so far as JSON.", files => files.JsonAsync);
        captions.MapFile("/live.m3u8", "getCaptionsPlaylist", "HLS playlist of WebVTT segments.", files => files.PlaylistAsync);
        captions.MapMethods(
                "/seg-{number:long:min(0)}.vtt",
                Reading,
                (HttpContext context, string name, long number, [FromServices] CaptionFilesEndpoint files) => files.SegmentAsync(context, name, number))
            .WithName("getCaptionsSegment").WithSummary("A segment of the HLS playlist.");
        app.MapGet("/v1/captions/{name}/link", (HttpContext context, string name, [FromServices] CaptionFilesEndpoint files) =>
                files.LinkAsync(context, name))
            .RequireScope(Scopes.Transcribe)
            .WithName("getCaptionsLink").WithSummary("The link that lets viewers in, for the tenant whose captions they are.");

        app.MapGet("/captions/{name}", (HttpContext context, string name, [FromServices] CaptionPage page) => page.Show(context, name))
            .AllowAnonymous().ExcludeFromDescription();

        // Two parts, so that no name of captions is in their way.
        app.MapGet("/captions/-/{file}", (HttpContext context, string file, [FromServices] CaptionPage page) => page.Part(context, file))
            .AllowAnonymous().ExcludeFromDescription();
    }

    private static void MapFile(
        this RouteGroupBuilder captions,
        string path,
        string operation,
        string summary,
        Func<CaptionFilesEndpoint, Func<HttpContext, string, Task<IResult>>> make) =>
        captions.MapMethods(
                path,
                Reading,
                (HttpContext context, string name, [FromServices] CaptionFilesEndpoint files) => make(files)(context, name))
            .WithName(operation).WithSummary(summary);
}
