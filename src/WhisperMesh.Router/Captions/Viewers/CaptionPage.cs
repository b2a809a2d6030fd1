using System.Collections.Frozen;
using Microsoft.AspNetCore.Http.HttpResults;
using WhisperMesh.Router.Tenants;

namespace WhisperMesh.Router.Captions.Viewers;

/// <summary>The page for viewers, and its parts; they are in the program itself. The page is the same for every name.</summary>
internal sealed class CaptionPage
{
    private const string Page = "index.html";
    private const string ResourcePrefix = "captions/";

    // Nothing from elsewhere, nothing inline, no frames around it.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [Page] = "text/html; charset=utf-8",
        ["viewer.js"] = "text/javascript; charset=utf-8",
        ["viewer.css"] = "text/css; charset=utf-8",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, byte[]> _files = Types.Keys.ToFrozenDictionary(name => name, Read);

    public IResult Show(HttpContext context, string name) => TenantIds.IsValid(name) ? File(context, Page) : throw ViewerAccess.NotFound();

    public IResult Part(HttpContext context, string file) => file != Page && _files.ContainsKey(file) ? File(context, file) : throw ViewerAccess.NotFound();

    private FileContentHttpResult File(HttpContext context, string name)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        return TypedResults.Bytes(_files[name], Types[name]);
    }

    private static byte[] Read(string name)
    {
        using var resource = typeof(CaptionPage).Assembly.GetManifestResourceStream(ResourcePrefix + name)
            ?? throw new InvalidOperationException($"The program lacks {ResourcePrefix}{name}.");
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
