using Microsoft.Extensions.Options;
using WhisperMesh.Router.Spool;

namespace WhisperMesh.Router.Tests.Spool;

/// <summary>What lies in memory and what on disk: the bytes are the same wherever they lie.</summary>
public sealed class SpoolContentTests : IDisposable
{
    private const int Block = SpoolContent.BlockBytes;
    private const int Head = SpoolContent.MaxHeadBytes;

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"whispermesh-router-tests-{Guid.NewGuid():N}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Theory]
    [InlineData(Head - 1, Head, false)]
    [InlineData(Head, Head, false)]
    [InlineData(Head + 1, Head, true)]
    [InlineData(3 * Head, Head, true)]
    [InlineData(3 * Block, 2 * Block, true)]
    [InlineData(2 * Block, 2 * Block, false)]
    [InlineData(1, 0, true)]
    public async Task Upload_ReadBack_IsWhatWasWrittenAndOnDiskOnlyWhatHasNoRoom(int length, int memory, bool onDisk)
    {
        var spool = Create(memory);
        using var file = spool.Create();
        var bytes = Noise(length);

        await AppendAsync(file, bytes, piece: 10_007);
        file.Complete();

        (await ReadAsync(file, buffer: 30_011)).ShouldBe(bytes);
        (await ReadAsync(file, buffer: 4 * Block)).ShouldBe(bytes);
        Directory.Exists(_directory).ShouldBe(onDisk);
        spool.MemoryInUse.ShouldBe(Math.Min(memory, (length + Block - 1) / Block * Block));
    }

    [Fact]
    public async Task Memory_OfOneThatEnds_IsThereForTheNext()
    {
        var spool = Create(Block);
        var one = spool.Create();
        using var two = spool.Create();
        await one.AppendAsync(new byte[10], Token);
        await two.AppendAsync(new byte[10], Token);
        Directory.Exists(_directory).ShouldBeTrue();

        one.Dispose();
        one.Dispose();
        // What has begun on disk goes on there.
        await two.AppendAsync(new byte[10], Token);
        spool.MemoryInUse.ShouldBe(0);
        using var three = spool.Create();
        await three.AppendAsync(new byte[10], Token);

        spool.MemoryInUse.ShouldBe(Block);
        (await ReadAvailableAsync(two, 30), await ReadAvailableAsync(three, 30)).ShouldBe((20, 10));
    }

    [Fact]
    public async Task Memory_GivenBack_IsReadByNobodyOfTheUploadThatHadIt()
    {
        var spool = Create(Block);
        var gone = spool.Create();
        await gone.AppendAsync(Noise(100), Token);
        var late = gone.OpenReader();
        gone.Dispose();
        using var next = spool.Create();
        await next.AppendAsync(Noise(100), Token);

        await Should.ThrowAsync<SpoolFailedException>(() => late.ReadAsync(new byte[100], Token).AsTask());
        await Should.ThrowAsync<ObjectDisposedException>(() => gone.AppendAsync(new byte[1], Token).AsTask());
    }

    [Fact]
    public async Task Reader_FollowsOverTheEdge_SeesEachByteOnce()
    {
        var spool = Create(Block);
        using var file = spool.Create();
        var bytes = Noise(4 * Block);
        var reading = ReadAsync(file, buffer: 7_001);

        await AppendAsync(file, bytes, piece: 5_003);
        file.Complete();

        (await reading).ShouldBe(bytes);
    }

    private AudioSpool Create(int memory) =>
        new(Options.Create(new RouterOptions { SpoolDirectory = _directory, SpoolMemoryBytes = memory }));

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static async Task AppendAsync(SpoolFile file, byte[] bytes, int piece)
    {
        for (var i = 0; i < bytes.Length; i += piece)
        {
            await file.AppendAsync(bytes.AsMemory(i, Math.Min(piece, bytes.Length - i)), Token);
        }
    }

    private static async Task<byte[]> ReadAsync(SpoolFile file, int buffer)
    {
        var reader = file.OpenReader();
        using var all = new MemoryStream();
        var piece = new byte[buffer];
        while (await reader.ReadAsync(piece, Token) is > 0 and var count)
        {
            all.Write(piece, 0, count);
        }

        return all.ToArray();
    }

    private static async Task<int> ReadAvailableAsync(SpoolFile file, int buffer) => await file.OpenReader().ReadAsync(new byte[buffer], Token);
}
