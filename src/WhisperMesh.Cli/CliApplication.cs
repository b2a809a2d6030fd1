using System.CommandLine;
using System.CommandLine.Invocation;
using WhisperMesh.Cli.Detect;
using WhisperMesh.Cli.Explain;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Cli.Keys;
using WhisperMesh.Cli.Live;
using WhisperMesh.Cli.Speak;
using WhisperMesh.Cli.Status;
using WhisperMesh.Cli.Transcribe;
using WhisperMesh.Cli.Usage;
using WhisperMesh.Client;

namespace WhisperMesh.Cli;

/// <summary>The command line: parses it, runs the command, turns every outcome into an exit code and one line.</summary>
internal static class CliApplication
{
    internal static async Task<int> RunAsync(string[] args, CliHost host, CancellationToken cancellationToken)
    {
        var parsed = CreateRoot(host).Parse(args);
        if (parsed.Action is ParseErrorAction || (parsed.Action is null && parsed.Errors.Count > 0))
        {
            return host.Fail(ExitCodes.Usage, $"{parsed.Errors[0].Message} (see whispermesh --help)");
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = host.Output,
                Error = host.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Cancelled;
        }
        catch (UsageException exception)
        {
            return host.Fail(ExitCodes.Usage, exception.Message);
        }
        catch (WhisperMeshException exception)
        {
            return host.Fail(exception.IsUnreachable ? ExitCodes.Unreachable : ExitCodes.Failed, Describe(exception));
        }
        catch (ApiException exception)
        {
            return host.Fail(exception.IsUnreachable ? ExitCodes.Unreachable : ExitCodes.Failed, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return host.Fail(ExitCodes.Failed, exception.Message);
        }
    }

    /// <summary>The error in one line, with what helps: the reason for scripts, and when to try again.</summary>
    internal static string Describe(WhisperMeshException exception)
    {
        if (exception.IsUnreachable)
        {
            return $"the server cannot be reached: {exception.Message}";
        }

        var reason = exception.Reason is { } name ? $" [{name}]" : "";
        var retry = exception.RetryAfter is { } delay ? $" Try again in {Math.Ceiling(delay.TotalSeconds)} s." : "";
        var request = exception.RequestId is { } id ? $" (request {id})" : "";
        return $"{exception.Message}{reason}{retry}{request}";
    }

    private static RootCommand CreateRoot(CliHost host) => new(
        $"Speech to text and text to speech, on your own machines.{Environment.NewLine}{Environment.NewLine}{ExitCodes.Help}")
    {
        TranscribeCommand.Create(host),
        LiveCommand.Create(host),
        DetectCommand.Create(host),
        SpeakCommand.Create(host),
        StatusCommand.Create(host),
        KeysCommand.Create(host),
        UsageCommand.Create(host),
        ExplainCommand.Create(host),
        VerboseOption.Create(host),
    };
}
