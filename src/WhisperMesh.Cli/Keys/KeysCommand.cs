using System.CommandLine;
using System.Text.Json;
using WhisperMesh.Cli.Formats;
using WhisperMesh.Cli.Hosting;

namespace WhisperMesh.Cli.Keys;

/// <summary><c>whispermesh keys create|list|revoke</c></summary>
internal static class KeysCommand
{
    private const string Path = "/v1/admin/keys";

    internal static Command Create(CliHost host) => new("keys", "Makes, lists and revokes API keys. Needs a key of scope admin where the mesh asks for keys.")
    {
        CreateKey(host),
        ListKeys(host),
        RevokeKey(host),
    };

    private static Command CreateKey(CliHost host)
    {
        var fields = new KeyFields();
        var (json, server, apiKey) = Common();
        var command = new Command("create", "Makes a key and shows it, once.") { json, server, apiKey };
        fields.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var body = fields.ToBody(parsed);
            using var client = ApiClient.Create(parsed.GetValue(server), parsed.GetValue(apiKey), host);
            var made = await client.SendAsync(HttpMethod.Post, Path, body, cancellationToken);
            if (parsed.GetValue(json))
            {
                await WriteAsync(host, made);
            }
            else
            {
                // The key alone on standard output, for scripts; the rest is for people.
                await host.Error.WriteLineAsync(
                    $"Key {made.GetProperty("id")} of tenant {made.GetProperty("tenant")}. Keep it now: it is not shown again.");
                await host.Output.WriteLineAsync(made.GetProperty("key").GetString());
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static Command ListKeys(CliHost host)
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only this tenant's keys." };
        var (json, server, apiKey) = Common();
        var command = new Command("list", "Lists keys, without the keys themselves.") { tenant, json, server, apiKey };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = ApiClient.Create(parsed.GetValue(server), parsed.GetValue(apiKey), host);
            var query = parsed.GetValue(tenant) is { } name ? $"?tenant={Uri.EscapeDataString(name)}" : "";
            var list = await client.SendAsync(HttpMethod.Get, Path + query, null, cancellationToken);
            if (parsed.GetValue(json))
            {
                await WriteAsync(host, list);
            }
            else
            {
                KeysTable.Write(CliHost.CreateConsole(host.Output), list.GetProperty("data"));
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static Command RevokeKey(CliHost host)
    {
        var id = new Argument<string>("ID") { Description = "The key's id, as whispermesh keys list shows it; not the key." };
        var (json, server, apiKey) = Common();
        var command = new Command("revoke", "Makes a key useless at once.") { id, json, server, apiKey };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = ApiClient.Create(parsed.GetValue(server), parsed.GetValue(apiKey), host);
            var given = parsed.GetRequiredValue(id);
            if (given.StartsWith("wm_", StringComparison.Ordinal))
            {
                throw new UsageException("that is a whole key; name the key's id, the 12 characters after wm_");
            }

            var gone = await client.SendAsync(HttpMethod.Delete, $"{Path}/{Uri.EscapeDataString(given)}", null, cancellationToken);
            await (parsed.GetValue(json) ? WriteAsync(host, gone) : host.Output.WriteLineAsync($"Revoked {gone.GetProperty("id")}."));
            return ExitCodes.Success;
        });
        return command;
    }

    private static (Option<bool> Json, Option<string?> Server, Option<string?> ApiKey) Common() => (
        new Option<bool>("--json") { Description = "The router's JSON instead of text." }, ApiClient.CreateOption(), ApiKeyOption.Create());

    private static Task WriteAsync(CliHost host, JsonElement json) =>
        host.Output.WriteLineAsync(JsonSerializer.Serialize(json, JsonDocumentFormat.Options));
}
