using System.CommandLine;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Cli.Live.Output;

namespace WhisperMesh.Cli.Live;

/// <summary><c>whispermesh live [SOURCE]</c></summary>
internal static class LiveCommand
{
    internal static Command Create(CliHost host)
    {
        var source = new LiveSourceOptions();
        var recognition = new LiveRecognition();
        var format = new Option<string?>("--format", "-f")
        {
            Description = "How to write it down: captions in a terminal, else a line for each utterance as text; by --output's extension for a file.",
        };
        format.AcceptOnlyFromAmong([LiveOutputPlan.Captions, .. LiveFormat.All.Select(known => known.Name)]);
        var output = new Option<string?>("--output", "-o")
        {
            Description = "A file to write to as it is said; a terminal shows captions beside it.",
            HelpName = "file",
        };
        var server = ServerOption.CreateRepeatable();
        var apiKey = ApiKeyOption.Create();

        var command = new Command("live", "Captions while people speak. Ctrl+C ends the audio and waits for the rest; twice, it ends at once.");
        command.Arguments.Add(source.Argument);
        foreach (var option in source.All.Concat(recognition.All).Concat([format, output, server, apiKey]))
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = LiveOutputPlan.Create(parsed.GetValue(format), parsed.GetValue(output));
            var audio = source.Create(parsed, host);
            var options = recognition.Read(parsed, audio.Format, isPaced: source.Speed(parsed) > 0);
            await using var client = ServerOption.CreateClient(parsed.GetValue(server), parsed.GetValue(apiKey), host);
            return await new LiveHandler(client, host, audio, source.Pace(parsed, host), plan.CreateOutputs(host))
                .RunAsync(options, cancellationToken);
        });
        return command;
    }
}
