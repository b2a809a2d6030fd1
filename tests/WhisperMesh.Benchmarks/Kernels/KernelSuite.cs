using BenchmarkDotNet.Running;

namespace WhisperMesh.Benchmarks.Kernels;

/// <summary>The engine's own arithmetic, by BenchmarkDotNet.</summary>
internal static class KernelSuite
{
    private static readonly Type[] Kernels =
        [typeof(LogMelKernel), typeof(SpectrumKernel), typeof(VocabularyKernel), typeof(AlignmentKernel)];

    /// <param name="arguments">BenchmarkDotNet's own; none for all kernels.</param>
    public static int Run(string[] arguments)
    {
        // In this process: the projects that BenchmarkDotNet generates would inherit the repository's build settings.
        string[] all = ["--inProcess", .. arguments.Length > 0 ? arguments : ["--filter", "*"]];
        var summaries = BenchmarkSwitcher.FromTypes(Kernels).Run(all).ToList();
        return summaries.Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
    }
}
