using System.CommandLine;
using System.Text.Json;
using WhisperMesh.Cli.Formats;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Client;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Status;

/// <summary><c>whispermesh status</c></summary>
internal static class StatusCommand
{
    internal static Command Create(CliHost host)
    {
        var json = new Option<bool>("--json") { Description = "One JSON document instead of a table." };
        var server = ServerOption.Create();
        var apiKey = ApiKeyOption.Create();
        var command = new Command("status", "Shows the router's health and the models that live workers serve.") { json, server, apiKey };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var client = ServerOption.CreateClient(parsed.GetValue(server), parsed.GetValue(apiKey), host);
            var healthy = await client.CheckHealthAsync(cancellationToken);
            var models = await client.ListModelsAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(ToJson(client, healthy, models));
            }
            else
            {
                StatusTable.Write(CliHost.CreateConsole(host.Output), client.Address, healthy, models);
            }

            return healthy ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    private static string ToJson(WhisperMeshClient client, bool healthy, IReadOnlyList<Model> models) => JsonSerializer.Serialize(
        new
        {
            Server = client.Address.GetLeftPart(UriPartial.Authority),
            Healthy = healthy,
            Models = models.Select(model => new
            {
                model.Id,
                Kind = StatusTable.NameOf(model.Kind),
                model.WorkerCount,
                model.Aliases,
                Languages = model.LanguageCodes,
                Voices = model.Voices.Select(voice => new { voice.Id, Language = voice.LanguageCode, voice.SampleRateHz, voice.Description }),
            }),
        },
        JsonDocumentFormat.Options);
}
