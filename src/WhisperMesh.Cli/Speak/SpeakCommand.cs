using System.CommandLine;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Speak;

/// <summary><c>whispermesh speak TEXT --output FILE</c></summary>
internal static class SpeakCommand
{
    internal static Command Create(CliHost host)
    {
        var text = new Argument<string>("TEXT") { Description = "What to say; - reads it from standard input." };
        var output = new Option<string>("--output", "-o") { Description = "The file to write; - is standard output.", Required = true };
        var format = new Option<string?>("--format", "-f") { Description = "Format of the audio; by --output's extension when absent." };
        format.AcceptOnlyFromAmong([.. SpeechFormats.Names]);
        var voice = new Option<string?>("--voice") { Description = "Voice to use; see whispermesh status." };
        var model = new Option<string?>("--model", "-m") { Description = "Model to use; see whispermesh status." };
        var speed = new Option<float?>("--speed") { Description = "Rate of speech, 0.25 to 4." };
        var server = ServerOption.Create();
        var apiKey = ApiKeyOption.Create();

        var command = new Command("speak", "Turns text into speech.") { text, output, format, voice, model, speed, server, apiKey };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(output);
            var request = new SynthesizeRequest
            {
                Model = parsed.GetValue(model) ?? "",
                Voice = parsed.GetValue(voice) ?? "",
                AudioFormat = new AudioFormat { Encoding = SpeechFormats.Choose(parsed.GetValue(format), path) },
            };
            if (parsed.GetValue(speed) is { } rate)
            {
                request.Speed = rate;
            }

            request.Text = await ReadTextAsync(parsed.GetRequiredValue(text), host, cancellationToken);
            await using var client = ServerOption.CreateClient(parsed.GetValue(server), parsed.GetValue(apiKey), host);
            await SpeakHandler.RunAsync(client, host, request, path, cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<string> ReadTextAsync(string text, CliHost host, CancellationToken cancellationToken)
    {
        if (text != "-")
        {
            return text;
        }

        using var reader = new StreamReader(host.OpenInput());

        // Reading a terminal does not end with the token, so the wait has to.
        var whole = await reader.ReadToEndAsync(cancellationToken).WaitAsync(cancellationToken);
        return whole.Trim();
    }
}
