using System.Net.Http.Headers;

namespace WhisperMesh.Router.Cache;

/// <summary>What a caller says with <c>Cache-Control</c>, be it an HTTP header or gRPC metadata.</summary>
/// <param name="NoStore">The result is neither looked for nor kept.</param>
/// <param name="NoCache">The result is made anew, and kept.</param>
/// <param name="MaxAge">A result that is older is made anew.</param>
internal readonly record struct CacheWishes(bool NoStore, bool NoCache, TimeSpan? MaxAge)
{
    /// <summary>Directives that mean nothing to a request for speech are passed over, as HTTP has it.</summary>
    public static CacheWishes Read(string? header) =>
        string.IsNullOrEmpty(header) ? default
        : CacheControlHeaderValue.TryParse(header, out var wishes)
            ? new CacheWishes(wishes.NoStore, wishes.NoCache || wishes.MaxAge == TimeSpan.Zero, wishes.MaxAge)
        // Who says something about caching that can't be read had better get what is safe.
        : new CacheWishes(NoStore: true, NoCache: true, MaxAge: null);
}
