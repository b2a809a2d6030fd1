using Spectre.Console;

namespace WhisperMesh.Cli.Hosting;

/// <summary>What surrounds the process: standard streams, environment and terminal, so that tests can stand in for them.</summary>
internal sealed class CliHost
{
    internal required Func<Stream> OpenInput { get; init; }

    internal required Func<Stream> OpenOutput { get; init; }

    internal required TextWriter Output { get; init; }

    internal required TextWriter Error { get; init; }

    internal required Func<string, string?> Environment { get; init; }

    /// <summary>Whether standard error is a terminal, where a progress bar makes sense.</summary>
    internal required bool ShowsProgress { get; init; }

    /// <summary>Whether standard output is a terminal, where captions can be replaced in place.</summary>
    internal required bool ShowsCaptions { get; init; }

    internal required Interruption Interruption { get; init; }

    /// <summary>Whether ids of requests are told.</summary>
    internal bool IsVerbose { get; set; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal static CliHost System(Interruption interruption) => new()
    {
        OpenInput = Console.OpenStandardInput,
        OpenOutput = Console.OpenStandardOutput,
        Output = Console.Out,
        Error = Console.Error,
        Environment = global::System.Environment.GetEnvironmentVariable,
        ShowsProgress = !Console.IsErrorRedirected,
        ShowsCaptions = !Console.IsOutputRedirected,
        Interruption = interruption,
    };

    /// <summary>Says how the request is called that something was asked by, to whoever wants to know.</summary>
    internal void OnRequest(string id, string what)
    {
        if (IsVerbose && id.Length > 0)
        {
            Error.WriteLine($"whispermesh: {what}: request {id}");
        }
    }

    /// <summary>Says what went wrong, in one line.</summary>
    internal int Fail(int exitCode, string message)
    {
        Error.WriteLine($"whispermesh: {string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        return exitCode;
    }

    internal static IAnsiConsole CreateConsole(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
    });
}
