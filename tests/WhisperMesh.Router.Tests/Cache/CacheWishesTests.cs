using WhisperMesh.Router.Cache;

namespace WhisperMesh.Router.Tests.Cache;

public sealed class CacheWishesTests
{
    [Theory]
    [InlineData(null, false, false, null)]
    [InlineData("", false, false, null)]
    [InlineData("no-store", true, false, null)]
    [InlineData("no-cache", false, true, null)]
    [InlineData("No-Cache, No-Store", true, true, null)]
    [InlineData("max-age=0", false, true, 0)]
    [InlineData("max-age=60", false, false, 60)]
    [InlineData("max-stale=60", false, false, null)]
    [InlineData("max-age=soon", true, true, null)]
    public void Read_Header_SaysWhatIsWished(string? header, bool noStore, bool noCache, int? maxAge) =>
        CacheWishes.Read(header).ShouldBe(
            new CacheWishes(noStore, noCache, maxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
}
