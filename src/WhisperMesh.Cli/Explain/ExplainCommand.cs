using System.CommandLine;
using System.Text;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Router.Explain.Telling;

namespace WhisperMesh.Cli.Explain;

/// <summary><c>whispermesh explain REQUEST-ID</c></summary>
internal static class ExplainCommand
{
    private const int FileWidth = 240;

    internal static Command Create(CliHost host)
    {
        var id = new Argument<string>("REQUEST-ID") { Description = "Id of the request: its reply names it, --verbose prints it, and so does a failure." };
        var json = new Option<bool>("--json") { Description = "One JSON document, as GET /v1/requests/ID gives it." };
        var server = ServerOption.Create();
        var apiKey = ApiKeyOption.Create();
        var command = new Command("explain", "Says why a request was slow, or wrong: its route, its time by stage, its scores.") { id, json, server, apiKey };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var client = ServerOption.CreateClient(parsed.GetValue(server), parsed.GetValue(apiKey), host);
            var record = await client.ExplainAsync(parsed.GetRequiredValue(id), cancellationToken);
            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(Encoding.UTF8.GetString(RequestJson.Of(record, indented: true)));
            }
            else
            {
                var console = CliHost.CreateConsole(host.Output);
                if (!host.ShowsCaptions)
                {
                    // Not a terminal: nothing is gained by breaking lines.
                    console.Profile.Width = FileWidth;
                }

                RequestReport.Write(console, record);
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
