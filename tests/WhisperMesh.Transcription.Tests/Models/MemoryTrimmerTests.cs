using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Transcription.Models;

namespace WhisperMesh.Transcription.Tests.Models;

/// <summary>What it measures is the whole process: nothing else may run.</summary>
[CollectionDefinition(nameof(MemoryTrimmerTests), DisableParallelization = true)]
[Collection(nameof(MemoryTrimmerTests))]
public sealed class MemoryTrimmerTests
{
    // Below glibc's smallest size that is mapped by itself, so that it comes from a heap.
    private const int BlockBytes = 64 << 10;
    private const int Blocks = 2048;

    [Fact]
    public async Task Interval_HolesBelowWhatIsHeld_AreGivenBack()
    {
        var time = new FakeTimeProvider();
        using var trimmer = new MemoryTrimmer(time);
        await trimmer.StartAsync(TestContext.Current.CancellationToken);
        var held = LeaveHoles();
        try
        {
            var before = ProcessMemory.Resident;

            // Its timer may begin a moment after the service has.
            await Bounds.UntilAsync(
                () =>
                {
                    time.Advance(MemoryTrimmer.Interval);
                    return before - ProcessMemory.Resident > Blocks / 2 * BlockBytes;
                },
                "the holes given back");
        }
        finally
        {
            Marshal.FreeHGlobal(held);
            await trimmer.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Takes many blocks and frees all but the last, which keeps the heap from shrinking.</summary>
    private static nint LeaveHoles()
    {
        var filling = Enumerable.Repeat((byte)1, BlockBytes).ToArray();
        var blocks = Enumerable.Range(0, Blocks).Select(_ => Marshal.AllocHGlobal(BlockBytes)).ToArray();
        foreach (var block in blocks)
        {
            Marshal.Copy(filling, 0, block, BlockBytes);
        }

        foreach (var block in blocks[..^1])
        {
            Marshal.FreeHGlobal(block);
        }

        return blocks[^1];
    }
}
