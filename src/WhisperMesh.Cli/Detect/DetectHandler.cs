using System.Globalization;
using System.Text.Json;
using WhisperMesh.Cli.Formats;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Client;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Detect;

/// <summary>Asks for the language of one file after another. A file that fails does not stop the others; a server that is gone does.</summary>
internal sealed class DetectHandler(WhisperMeshClient client, CliHost host, TranscriptionConfig config, bool json)
{
    private const string StandardInput = "-";

    internal async Task<int> RunAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var exitCode = ExitCodes.Success;
        foreach (var file in files)
        {
            var name = file == StandardInput ? "standard input" : file;
            try
            {
                await using var audio = file == StandardInput ? host.OpenInput() : File.OpenRead(file);

                // The answer does not name its request, so who wants to know names it.
                var asked = config.Clone();
                asked.RequestId = host.IsVerbose ? Guid.NewGuid().ToString() : "";
                var heard = await client.DetectLanguageAsync(audio, asked, cancellationToken);
                host.OnRequest(asked.RequestId, name);
                await PrintAsync(heard, name, files.Count > 1);
            }
            catch (WhisperMeshException exception) when (!exception.IsUnreachable)
            {
                exitCode = host.Fail(ExitCodes.Failed, $"{name}: {CliApplication.Describe(exception)}");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                exitCode = host.Fail(ExitCodes.Failed, $"{name}: {exception.Message}");
            }
        }

        return exitCode;
    }

    private async Task PrintAsync(DetectLanguageResponse heard, string name, bool several)
    {
        if (json)
        {
            await host.Output.WriteLineAsync(ToJson(heard, name));
            return;
        }

        if (several)
        {
            await host.Output.WriteLineAsync($"==> {name} <==");
        }

        if (heard.Languages.Count == 0)
        {
            await host.Error.WriteLineAsync($"whispermesh: {name}: warning: no speech was heard");
        }

        foreach (var language in heard.Languages)
        {
            await host.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{language.LanguageCode} {language.Probability:F3}"));
        }
    }

    private static string ToJson(DetectLanguageResponse heard, string name) => JsonSerializer.Serialize(
        new
        {
            File = name,
            Languages = heard.Languages.Select(language => new { Code = language.LanguageCode, language.Probability }),
            SpeechSeconds = heard.SpeechDuration?.ToTimeSpan().TotalSeconds ?? 0,
            heard.Model,
        },
        JsonDocumentFormat.Options);
}
