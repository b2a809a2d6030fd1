using System.Net;
using System.Net.WebSockets;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tests.Tenants;

namespace WhisperMesh.Router.Tests.Realtime;

/// <summary>Who may connect, where keys are asked for.</summary>
public sealed class RealtimeKeyTests : IAsyncLifetime
{
    private TenantMesh _mesh = null!;

    public async ValueTask InitializeAsync() => _mesh = await TenantMesh.StartAsync();

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task Connect_BrowserWithItsKeyAmongTheProtocols_IsLetInAndTheKeyNotSentBack()
    {
        var key = await _mesh.CreateKeyAsync("one", scopes: [Scopes.Transcribe]);

        await using var client = await RealtimeClient.ConnectAsync(_mesh.Router, configure: options =>
        {
            options.AddSubProtocol("realtime");
            options.AddSubProtocol("openai-insecure-api-key." + key.Key);
        });

        client.SubProtocol.ShouldBe("realtime");
        await client.NextAsync("session.created");
    }

    [Fact]
    public async Task Connect_ServerWithItsKeyInTheHeader_IsLetIn()
    {
        var key = await _mesh.CreateKeyAsync("one", scopes: [Scopes.Transcribe]);

        await using var client = await RealtimeClient.ConnectAsync(
            _mesh.Router, configure: options => options.SetRequestHeader("Authorization", "Bearer " + key.Key));

        await client.NextAsync("session.created");
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData(Scopes.Speak, HttpStatusCode.Forbidden)]
    public async Task Connect_WithoutAKeyThatMay_IsRefusedBeforeTheHandshake(string? scope, HttpStatusCode expected)
    {
        var key = scope is null ? null : (await _mesh.CreateKeyAsync("one", scopes: [scope])).Key;

        var refusal = await Should.ThrowAsync<WebSocketException>(() => RealtimeClient.ConnectAsync(_mesh.Router, configure: options =>
        {
            if (key is not null)
            {
                options.SetRequestHeader("Authorization", "Bearer " + key);
            }
        }));

        refusal.Message.ShouldContain($"{(int)expected}");
    }
}
