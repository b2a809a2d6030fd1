using System.CommandLine;
using WhisperMesh.Cli.Formats;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Transcribe;

/// <summary><c>whispermesh transcribe FILE...</c></summary>
internal static class TranscribeCommand
{
    internal static Command Create(CliHost host)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Audio or video files; - is standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var language = new Option<string?>("--language", "-l") { Description = "Language spoken, such as en or pt-BR; detected when absent." };
        var format = new Option<string?>("--format", "-f") { Description = "How to write it down; by --output's extension when absent, else txt." };
        format.AcceptOnlyFromAmong([.. TranscriptFormat.All.Select(known => known.Name)]);
        var output = new Option<string?>("--output", "-o") { Description = "A file to write to, or a folder for several; standard output when absent." };
        var model = new Option<string?>("--model", "-m") { Description = "Model to use; see whispermesh status." };
        var prompt = new Option<string?>("--prompt") { Description = "Names, spelling and style to follow." };
        var translate = new Option<bool>("--translate") { Description = "Write it in English, whatever is spoken." };
        var words = new Option<bool>("--words") { Description = "Ask for the time of each word; needs --format json and a model that can." };
        var server = ServerOption.Create();

        var command = new Command("transcribe", "Turns speech into text.") { files, language, format, output, model, prompt, translate, words, server };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = OutputPlan.Create(parsed.GetRequiredValue(files), parsed.GetValue(output), parsed.GetValue(format));
            if (parsed.GetValue(words) && plan.Format != TranscriptFormat.Json)
            {
                throw new UsageException("--words needs --format json; the other formats have no place for words");
            }

            var config = new TranscriptionConfig
            {
                Model = parsed.GetValue(model) ?? "",
                LanguageCode = parsed.GetValue(language) ?? "",
                Prompt = parsed.GetValue(prompt) ?? "",
                Task = parsed.GetValue(translate) ? TranscriptionTask.Translate : TranscriptionTask.Transcribe,
                WordTimestamps = parsed.GetValue(words),
            };
            await using var client = ServerOption.CreateClient(parsed.GetValue(server), host);
            return await new TranscribeHandler(client, host, plan, config).RunAsync(cancellationToken);
        });
        return command;
    }
}
