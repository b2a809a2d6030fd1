using System.CommandLine;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Detect;

/// <summary><c>whispermesh detect FILE...</c></summary>
internal static class DetectCommand
{
    internal static Command Create(CliHost host)
    {
        var files = new Argument<string[]>("FILE") { Description = "Audio or video files; - is standard input.", Arity = ArgumentArity.OneOrMore };
        var languages = new Option<string?>("--languages") { Description = "Languages to choose from, such as en,fr; all when absent." };
        var model = new Option<string?>("--model", "-m") { Description = "Model to use; see whispermesh status." };
        var json = new Option<bool>("--json") { Description = "One line of JSON for each file." };
        var server = ServerOption.Create();
        var apiKey = ApiKeyOption.Create();
        var command = new Command("detect", "Says which language is spoken at the start of a file.") { files, languages, model, json, server, apiKey };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var config = new TranscriptionConfig
            {
                Model = parsed.GetValue(model) ?? "",
                LanguageCodes = { parsed.GetValue(languages)?.Split(',', StringSplitOptions.TrimEntries) ?? [] },
            };
            await using var client = ServerOption.CreateClient(parsed.GetValue(server), parsed.GetValue(apiKey), host);
            return await new DetectHandler(client, host, config, parsed.GetValue(json))
                .RunAsync(parsed.GetRequiredValue(files), cancellationToken);
        });
        return command;
    }
}
