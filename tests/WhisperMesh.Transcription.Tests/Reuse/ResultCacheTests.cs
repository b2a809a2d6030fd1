using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Reuse;

namespace WhisperMesh.Transcription.Tests.Reuse;

public sealed class ResultCacheTests
{
    [Fact]
    public void Add_MoreThanTheBound_DropsWhatWasUsedLeastLately()
    {
        var entry = SizeOf(Result("aaaa"));
        var cache = new ResultCache(3 * entry);
        foreach (var key in new[] { "1", "2", "3" })
        {
            cache.Add(key, Result("aaaa"));
        }

        cache.Find("1").ShouldNotBeNull();
        cache.Add("4", Result("bbbb"));

        new[] { "1", "2", "3", "4" }.Where(key => cache.Find(key) is not null).ShouldBe(["1", "3", "4"]);
        cache.Bytes.ShouldBe(3 * entry);
    }

    [Fact]
    public void Add_AgainUnderTheSameKey_CountsOnce()
    {
        var cache = new ResultCache(1 << 20);

        cache.Add("1", Result("aaaa"));
        cache.Add("1", Result("bbbb"));

        cache.Find("1")!.Segments[0].Text.ShouldBe("bbbb");
        cache.Bytes.ShouldBe(SizeOf(Result("bbbb")));
    }

    [Fact]
    public void Add_LargerThanTheBound_IsNotKeptAndDropsNothing()
    {
        var cache = new ResultCache(2 * SizeOf(Result("aaaa")));
        cache.Add("1", Result("aaaa"));

        cache.Add("2", Result(new string('b', 10_000)));

        (cache.Find("1") is not null, cache.Find("2") is not null).ShouldBe((true, false));
    }

    private static long SizeOf(HeardResult result)
    {
        var cache = new ResultCache(1 << 20);
        cache.Add("x", result);
        return cache.Bytes;
    }

    private static HeardResult Result(string text) => new([new TranscriptSegment { Text = text }], new TranscriptionSummary());
}
