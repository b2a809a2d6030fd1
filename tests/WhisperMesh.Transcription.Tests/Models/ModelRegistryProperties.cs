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

        Prop.ForAll(commands.ToArbitrary(), sequence =>
            // Off xUnit's threads, so that blocking one of them holds nothing up.
            Task.Run(() => RunAsync(sequence), TestContext.Current.CancellationToken).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(120));
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
