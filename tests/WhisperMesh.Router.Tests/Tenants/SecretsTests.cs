using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Tenants;

/// <summary>S08: what a router logs, traces, answers and stores holds no key.</summary>
public sealed class SecretsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_OfARunLoggedAtTrace_AreNowhereButInTheReplyThatMadeThem()
    {
        var log = new LogKeeper();
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => spans.Enqueue(string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))),
        };
        ActivitySource.AddActivityListener(listener);
        await using var mesh = await TenantMesh.StartAsync(
            new() { ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:Microsoft"] = "Trace", ["Logging:LogLevel:Grpc"] = "Trace" },
            services => services.AddSingleton<ILoggerProvider>(log));
        var good = await mesh.CreateKeyAsync("one");
        var narrow = await mesh.CreateKeyAsync("one", scopes: "usage");
        var unknown = ApiKey.Create().Reveal();
        var typo = good.Key[..20] + (good.Key[20] == 'x' ? 'y' : 'x') + good.Key[21..];

        var replies = new List<string>();
        foreach (var key in new[] { good.Key, narrow.Key, unknown, typo, TenantMesh.AdminKey })
        {
            replies.Add(await AskAsync(mesh, HttpMethod.Get, "/v1/models", key));
            replies.Add(await AskAsync(mesh, HttpMethod.Get, "/v1/admin/keys", key));
            replies.Add(await AskAsync(mesh, HttpMethod.Post, "/v1/audio/speech", key, JsonContent.Create(new { model = "tts-1", input = "Hi." })));
            replies.Add(await CallAsync(mesh, key));
        }

        var stored = await StoredAsync(mesh);
        log.Lines.ShouldContain(line => line.Contains(good.Id, StringComparison.Ordinal), "Nothing was logged, so this proves nothing.");
        stored.ShouldContain(good.Id);
        foreach (var secret in new[] { good.Key, narrow.Key, unknown, typo, TenantMesh.AdminKey })
        {
            // Also the part that is secret alone.
            foreach (var part in new[] { secret, secret[^38..^6] })
            {
                log.Lines.Where(line => line.Contains(part, StringComparison.Ordinal)).ShouldBeEmpty();
                spans.Where(span => span.Contains(part, StringComparison.Ordinal)).ShouldBeEmpty();
                replies.Where(reply => reply.Contains(part, StringComparison.Ordinal)).ShouldBeEmpty();
                stored.ShouldNotContain(part);
            }
        }
    }

    private static async Task<string> AskAsync(TenantMesh mesh, HttpMethod method, string path, string key, HttpContent? body = null)
    {
        using var response = await mesh.SendAsync(method, path, key, body);
        return response.StatusCode == HttpStatusCode.Created ? "" : $"{response.Headers}{await ApiTest.BodyAsync(response)}";
    }

    private static async Task<string> CallAsync(TenantMesh mesh, string key)
    {
        try
        {
            var headers = new Metadata { { "authorization", $"Bearer {key}" } };
            return (await mesh.Router.Models.ListModelsAsync(new ListModelsRequest(), headers, cancellationToken: Token)).ToString();
        }
        catch (RpcException e)
        {
            return $"{e.Status} {string.Join(' ', e.Trailers.Select(entry => entry.ToString()))}";
        }
    }

    /// <summary>All of Redis, as text.</summary>
    private static async Task<string> StoredAsync(TenantMesh mesh)
    {
        var connection = await mesh.Router.Services.GetRequiredService<RedisLink>().WaitAsync(Token);
        var database = connection.GetDatabase();
        var values = new List<string>();
        await foreach (var key in connection.GetServer(connection.GetEndPoints()[0]).KeysAsync().WithCancellation(Token))
        {
            values.Add(key.ToString());
            values.Add((await database.KeyTypeAsync(key)).ToString() == "String" ? (await database.StringGetAsync(key)).ToString() : "");
        }

        return string.Join('\n', values);
    }
}
