using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>The invariants, while the processes of a mesh fail one after the other under load.</summary>
public sealed class LedgerTests
{
    private const int Callers = 4;

    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ExitBound = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>I1 to I6: whatever dies, each request is served, once and in time, with few attempts; afterwards all is as before.</summary>
    [Fact]
    public async Task ProcessesFailInTurn_EachRequestIsServedOnce()
    {
        await using var mesh = await BrokenMesh.StartAsync(
            workers: Numbers.Of(2, 3), ("Router__SilentWorkerTimeout", "00:00:06"), ("Drain__Notice", "00:00:01"));
        await using var ledger = new MeshLedger(mesh);
        ledger.Start(Callers);
        Func<Mesh, Task>[] faults = [KillAsync, FreezeAsync, StopAsync, LoseRedisAsync];
        var random = new Random(1);
        for (var round = 0; round < Numbers.Of(1, 10); round++)
        {
            random.Shuffle(faults);
            foreach (var fault in faults)
            {
                await ledger.ServesMoreAsync(5);
                await fault(mesh);
                await ledger.ServesMoreAsync(5);
                await mesh.WaitUntilReadyAsync();
            }
        }

        await ledger.CheckAsync();
    }

    private static Task KillAsync(Mesh mesh) => mesh.ReplaceAsync(mesh.Transcription[0]);

    private static async Task FreezeAsync(Mesh mesh)
    {
        var worker = mesh.Transcription[0];
        await worker.Process.SignalAsync("STOP");
        await Task.Delay(Frozen, Token);
        await worker.Process.SignalAsync("CONT");
    }

    private static async Task StopAsync(Mesh mesh)
    {
        var worker = mesh.Transcription[0];
        mesh.StartTranscription();
        await mesh.WaitUntilReadyAsync();
        await worker.Process.SignalAsync("TERM");
        (await worker.Process.WaitForExitAsync(ExitBound)).ShouldBe(0);
        mesh.Transcription.Remove(worker);
    }

    private static async Task LoseRedisAsync(Mesh mesh)
    {
        await mesh.Redis.KillAsync();
        await mesh.Redis.StartAsync(Token);
    }
}
