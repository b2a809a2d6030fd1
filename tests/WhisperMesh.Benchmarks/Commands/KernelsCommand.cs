using System.CommandLine;
using WhisperMesh.Benchmarks.Kernels;

namespace WhisperMesh.Benchmarks.Commands;

/// <summary><c>kernels</c>: the engine's own arithmetic, by BenchmarkDotNet.</summary>
internal static class KernelsCommand
{
    public static Command Create()
    {
        var arguments = new Argument<string[]>("ARGUMENTS")
        {
            Description = "BenchmarkDotNet's own, after --: -- --filter *LogMel*. All kernels by default.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("kernels", "Log-mel, vocabulary, token rules and alignment, each by itself.") { arguments };
        command.SetAction(parsed => KernelSuite.Run(parsed.GetValue(arguments) ?? []));
        return command;
    }
}
