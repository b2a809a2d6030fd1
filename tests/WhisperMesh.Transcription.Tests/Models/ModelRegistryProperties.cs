using FsCheck;
using FsCheck.Fluent;

namespace WhisperMesh.Transcription.Tests.Models;

/// <summary>What holds however requests, loads, failures, cancellations and time follow each other.</summary>
public sealed class ModelRegistryProperties
{
    [Fact]
    public void AnyInterleaving_KeepsTheRules()
    {
        // Enough acquiring and loading that memory is short most of the time.
        var kinds = Gen.Frequency(
            (6, Gen.Constant(RegistryCommand.Acquire)),
            (4, Gen.Constant(RegistryCommand.Release)),
            (1, Gen.Constant(RegistryCommand.Cancel)),
            (4, Gen.Constant(RegistryCommand.Succeed)),
            (1, Gen.Constant(RegistryCommand.Fail)),
            (2, Gen.Constant(RegistryCommand.Wait)));
        var commands = (from kind in kinds from argument in Gen.Choose(0, 1000) select (kind, argument)).ArrayOf();
        var shrinking = Arb.From(commands, sequence => sequence.Select((_, i) => sequence.Where((_, j) => j != i).ToArray()));

        Prop.ForAll(shrinking, sequence =>
            // Off xUnit's threads, so that blocking one of them holds nothing up.
            Task.Run(() => RunAsync(sequence), TestContext.Current.CancellationToken).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(120));
    }

    [Fact]
    public async Task ManyThreads_ComingAndGoing_LeaveNothingHeld()
    {
        var fake = new FakeRegistry(immediateLoads: true);
        using (await fake.AcquireAsync("main").Bounded())
        {
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => ComeAndGoAsync(fake, new System.Random(i))))).Bounded();

        await Bounds.UntilAsync(() => fake.Registry.States.All(state => state.ActiveRequestCount == 0), "all leases to return");
        fake.Loader.ResidentBytes.ShouldBeLessThanOrEqualTo(FakeRegistry.Budget);
        await fake.Registry.DisposeAsync();
        fake.Loader.Resident.ShouldBeEmpty();
    }

    private static async Task ComeAndGoAsync(FakeRegistry fake, System.Random random)
    {
        for (var i = 0; i < 2000; i++)
        {
            using var gone = new CancellationTokenSource();
            var request = fake.Registry.AcquireAsync(FakeRegistry.Names[random.Next(4)], gone.Token);
            if (random.Next(3) == 0)
            {
                await gone.CancelAsync();
            }

            try
            {
                using var lease = await request;
                ((FakeModel)lease.Loaded).Disposed.ShouldBeFalse();
                await Task.Yield();
                ((FakeModel)lease.Loaded).Disposed.ShouldBeFalse();
            }
            catch (OperationCanceledException)
            {
                // As asked for.
            }
        }
    }

    private static async Task RunAsync((RegistryCommand Kind, int Argument)[] sequence)
    {
        var run = new RegistryRun();
        foreach (var (kind, argument) in sequence)
        {
            await run.DoAsync(kind, argument);
        }

        await run.EndAsync();
    }
}
