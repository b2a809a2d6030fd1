namespace WhisperMesh.Router.Console;

/// <summary>What keeps a page to itself.</summary>
internal static class PageHeaders
{
    // Nothing from elsewhere and nothing inline: were a word of a transcript ever taken for markup, it could still not run.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; media-src 'self' blob:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Set(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=()";

        // Asked about each time, by its tag: after an update no page runs with half of the old files.
        headers.CacheControl = "no-cache";
    }
}
