using System.CommandLine;
using System.Text.Json;
using WhisperMesh.Cli.Formats;
using WhisperMesh.Cli.Hosting;

namespace WhisperMesh.Cli.Usage;

/// <summary><c>whispermesh usage</c></summary>
internal static class UsageCommand
{
    internal static Command Create(CliHost host)
    {
        var tenant = new Option<string?>("--tenant") { Description = "Another tenant, or * for all; for keys of scope admin." };
        var from = new Option<string?>("--from") { Description = "First day, such as 2026-01-31, UTC. 30 days unless given.", HelpName = "day" };
        var to = new Option<string?>("--to") { Description = "Last day. Today unless given.", HelpName = "day" };
        var groupBy = new Option<string?>("--group-by")
        {
            Description = "Some of day, tenant, key, model, language, upstream, separated by commas. day unless given.",
            HelpName = "groups",
        };
        var json = new Option<bool>("--json") { Description = "The router's JSON instead of a table." };
        var server = ApiClient.CreateOption();
        var apiKey = ApiKeyOption.Create();
        var command = new Command("usage", "Shows what was used: requests, audio, characters, and what upstreams charge.")
        {
            tenant, from, to, groupBy, json, server, apiKey,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var query = new[] { ("tenant", tenant), ("from", from), ("to", to), ("group_by", groupBy) }
                .Select(one => (Name: one.Item1, Value: parsed.GetValue(one.Item2)))
                .Where(one => one.Value is not null)
                .Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}");
            using var client = ApiClient.Create(parsed.GetValue(server), parsed.GetValue(apiKey), host);
            var report = await client.SendAsync(HttpMethod.Get, $"/v1/usage?{string.Join('&', query)}", null, cancellationToken);
            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(report, JsonDocumentFormat.Options));
            }
            else
            {
                UsageTable.Write(CliHost.CreateConsole(host.Output), report);
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
