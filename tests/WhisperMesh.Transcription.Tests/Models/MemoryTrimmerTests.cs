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
        var trimmed = new TaskCompletionSource();
        using var trimmer = new MemoryTrimmer(time) { Trimmed = () => trimmed.TrySetResult() };
        await trimmer.StartAsync(TestContext.Current.CancellationToken);
        var held = LeaveHoles();
        try
        {
            var before = ProcessMemory.Resident;

            time.Advance(MemoryTrimmer.Interval);
            await trimmed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

            (before - ProcessMemory.Resident).ShouldBeGreaterThan(Blocks / 2 * BlockBytes);
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
