namespace WhisperMesh.Whisper.Model.Attention;

/// <summary>
/// Keys and values of the tokens one row has read, in pages that are added as it grows. Rows that part ways share the pages that
/// are full and copy only the last. Not thread-safe; of the row that owns it.
/// </summary>
internal sealed unsafe class SelfMemory(AttentionPool pool) : IDisposable
{
    /// <summary>Tokens in a page.</summary>
    public const int PageTokens = 32;

    private readonly List<Page> _pages = [];

    /// <summary>Tokens read.</summary>
    public int Length { get; private set; }

    /// <summary>Keys of a layer's head in a page: [dimension][token].</summary>
    public float* Keys(int page, int layer, int head) =>
        _pages[page].Block.Floats + 2L * (layer * pool.Dimensions.Heads + head) * PageTokens * pool.Dimensions.HeadSize;

    /// <summary>Values of a layer's head in a page: [token][dimension].</summary>
    public float* Values(int page, int layer, int head) => Keys(page, layer, head) + PageTokens * pool.Dimensions.HeadSize;

    /// <summary>Makes room for tokens to be read by the next step.</summary>
    public void Reserve(int tokens)
    {
        while (_pages.Count * PageTokens < Length + tokens)
        {
            _pages.Add(new Page(pool.Rent(ByteCount(pool.Dimensions))));
        }
    }

    /// <summary>The step that read tokens is done.</summary>
    public void Advance(int tokens) => Length += tokens;

    /// <summary>A memory of the same past that goes its own way.</summary>
    public SelfMemory Fork()
    {
        var fork = new SelfMemory(pool) { Length = Length };
        foreach (var page in _pages.Take(Length / PageTokens))
        {
            page.Sharers++;
            fork._pages.Add(page);
        }
        if (Length % PageTokens > 0)
        {
            var copy = new Page(pool.Rent(ByteCount(pool.Dimensions)));
            var source = _pages[Length / PageTokens].Block;
            Buffer.MemoryCopy(source.Floats, copy.Block.Floats, copy.Block.ByteCount, source.ByteCount);
            fork._pages.Add(copy);
        }
        return fork;
    }

    public void Dispose()
    {
        foreach (var page in _pages)
        {
            if (--page.Sharers == 0)
            {
                pool.Return(page.Block);
            }
        }
        _pages.Clear();
        Length = 0;
    }

    public static int ByteCount(ModelDimensions dimensions) =>
        2 * sizeof(float) * PageTokens * dimensions.Layers * dimensions.Heads * dimensions.HeadSize;

    // Rows of one scheduler only, whose thread alone forks and disposes: a plain count is enough.
    private sealed class Page(NativeBlock block)
    {
        public NativeBlock Block => block;

        public int Sharers { get; set; } = 1;
    }
}
