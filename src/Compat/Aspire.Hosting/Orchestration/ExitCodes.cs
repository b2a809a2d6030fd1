using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>Exit codes in words: above 128 it was a signal that ended the process.</summary>
internal static class ExitCodes
{
    public static string Describe(int exitCode) => exitCode switch
    {
        -1 => "could not be started",
        128 + 6 => "was aborted (SIGABRT)",
        128 + 9 => "was killed (SIGKILL)",
        128 + 11 => "crashed (SIGSEGV)",
        128 + 15 => "was terminated (SIGTERM)",
        _ => string.Create(CultureInfo.InvariantCulture, $"ended with exit code {exitCode}"),
    };
}
