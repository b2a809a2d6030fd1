using WhisperMesh.Cli.Formats;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Client;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Transcribe;

/// <summary>Transcribes one file after another. A file that fails does not stop the others; a server that is gone does.</summary>
internal sealed class TranscribeHandler(WhisperMeshClient client, CliHost host, OutputPlan plan, TranscriptionConfig config)
{
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var exitCode = ExitCodes.Success;
        foreach (var file in plan.Files)
        {
            try
            {
                await TranscribeAsync(file, cancellationToken);
            }
            catch (WhisperMeshException exception) when (!exception.IsUnreachable)
            {
                exitCode = host.Fail(ExitCodes.Failed, $"{file.DisplayName}: {CliApplication.Describe(exception)}");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                exitCode = host.Fail(ExitCodes.Failed, $"{file.DisplayName}: {exception.Message}");
            }
        }

        return exitCode;
    }

    private async Task TranscribeAsync(PlannedFile file, CancellationToken cancellationToken)
    {
        await using var audio = file.IsStandardInput ? host.OpenInput() : OpenFile(file.Source);
        var transcript = await TranscriptionProgressBar.RunAsync(
            host,
            file.DisplayName,
            WavDuration.Estimate(audio),
            report => client.TranscribeAsync(audio, config, cancellationToken).ToTranscriptAsync(report, cancellationToken));
        host.OnRequest(transcript.Summary.RequestId, file.DisplayName);
        foreach (var warning in transcript.Warnings)
        {
            await host.Error.WriteLineAsync($"whispermesh: {file.DisplayName}: warning: {warning}");
        }

        var document = plan.Format.Write(transcript, file.Source);
        if (file.OutputPath is null)
        {
            await PrintAsync(file, document);
            return;
        }

        await using var output = new OutputFile(file.OutputPath);
        await output.Stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(document), cancellationToken);
        await output.CommitAsync();
    }

    private async Task PrintAsync(PlannedFile file, string document)
    {
        if (plan.Files.Count > 1 && plan.Format == TranscriptFormat.Txt)
        {
            await host.Output.WriteLineAsync($"==> {file.DisplayName} <==");
        }

        await host.Output.WriteAsync(document);
        await host.Output.FlushAsync(CancellationToken.None);
    }

    private static FileStream OpenFile(string path) => Directory.Exists(path)
        ? throw new IOException("It is a folder.")
        : new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
}
