using System.CommandLine;
using WhisperMesh.Cli.Formats;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Client;

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
        var format = new Option<string?>("--format", "-f") { Description = "How to write it down; by --output's extension when absent, else txt." };
        format.AcceptOnlyFromAmong([.. TranscriptFormat.All.Select(known => known.Name)]);
        var output = new Option<string?>("--output", "-o") { Description = "A file to write to, or a folder for several; standard output when absent." };
        var recognition = new RecognitionOptions();
        var server = ServerOption.Create();
        var apiKey = ApiKeyOption.Create();

        var command = new Command("transcribe", "Turns speech into text.") { files, format, output };
        foreach (var option in recognition.All)
        {
            command.Options.Add(option);
        }

        command.Options.Add(server);
        command.Options.Add(apiKey);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = OutputPlan.Create(parsed.GetRequiredValue(files), parsed.GetValue(output), parsed.GetValue(format));
            var options = recognition.Read(parsed);
            RefuseWithoutPlace(options, plan.Format);
            await using var client = ServerOption.CreateClient(parsed.GetValue(server), parsed.GetValue(apiKey), host);
            return await new TranscribeHandler(client, host, plan, options.ToConfig()).RunAsync(cancellationToken);
        });
        return command;
    }

    private static void RefuseWithoutPlace(TranscribeOptions options, TranscriptFormat format)
    {
        if (options.WordTimestamps && format != TranscriptFormat.Json)
        {
            throw new UsageException("--words needs --format json; the other formats have no place for words");
        }

        if (options.TokenDetails && format != TranscriptFormat.Json)
        {
            throw new UsageException("--logprobs needs --format json; the other formats have no place for tokens");
        }
    }
}
