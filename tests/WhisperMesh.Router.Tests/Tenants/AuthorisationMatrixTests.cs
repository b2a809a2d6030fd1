using System.Net;
using System.Text.Json;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Tenants.Authentication;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Tenants;

/// <summary>Every route and every gRPC method that the router has, against every kind of key that must not get in.</summary>
public sealed class AuthorisationMatrixTests : IAsyncLifetime
{
    private TenantMesh _mesh = null!;
    private Dictionary<string, string?> _badKeys = null!;

    public async ValueTask InitializeAsync()
    {
        _mesh = await TenantMesh.StartAsync();
        var good = await _mesh.CreateKeyAsync("one");
        var revoked = await _mesh.CreateKeyAsync("one");
        (await _mesh.SendAsync(HttpMethod.Delete, $"/v1/admin/keys/{revoked.Id}", TenantMesh.AdminKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _badKeys = new Dictionary<string, string?>
        {
            ["no key"] = null,
            ["never made"] = ApiKey.Create().Reveal(),
            ["typo"] = good.Key[..^1] + (good.Key[^1] == 'A' ? 'B' : 'A'),
            ["id of a good key, other secret"] = Forged(good.Id),
            ["revoked"] = revoked.Key,
            ["expired"] = await ExpiredAsync(),
            ["no key at all"] = "none",
        };
    }

    public async ValueTask DisposeAsync() => await _mesh.DisposeAsync();

    [Fact]
    public void Endpoints_AllOfThem_AreOpenOnPurposeOrNeedAScope()
    {
        var open = Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(Name).Distinct();
        open.ShouldBe(
            [
                "/",
                "/alive",
                "/captions/-/{file}",
                "/captions/{name}",
                "/console/{**path}",
                "/grpc.health.v1.Health/Check",
                "/grpc.health.v1.Health/Watch",
                "/health",

                // On loopback, or with a key of its own (MetricsEndpointTests).
                "/metrics",
                "/openapi/{documentName}.json",

                // These let viewers in themselves, by token or by key (CaptionAccessTests).
                "/v1/captions/{name}/",
                "/v1/captions/{name}/captions.json",
                "/v1/captions/{name}/captions.srt",
                "/v1/captions/{name}/captions.txt",
                "/v1/captions/{name}/captions.vtt",
                "/v1/captions/{name}/events",
                "/v1/captions/{name}/live.m3u8",
                "/v1/captions/{name}/seg-{number:long:min(0)}.vtt",
                "/v1/captions/{name}/ws",
                "grpc.health.v1.Health/{unimplementedMethod:grpcunimplemented}",
            ],
            ignoreOrder: true);

        // Those of reflection and of methods that do not exist take any good key.
        var unscoped = Closed().Where(endpoint => endpoint.Metadata.GetMetadata<RequiredScope>() is null).Select(Name);
        unscoped.ShouldAllBe(name => name.Contains("reflection", StringComparison.Ordinal) || name.Contains("{unimplemented", StringComparison.Ordinal));
        Closed().Count(endpoint => endpoint.Metadata.GetMetadata<RequiredScope>() is not null).ShouldBeGreaterThanOrEqualTo(11);
    }

    [Fact]
    public async Task HttpRoutes_AnyBadKey_401InOneShape()
    {
        foreach (var endpoint in Closed().Where(endpoint => !IsGrpc(endpoint)))
        {
            foreach (var (kind, key) in _badKeys)
            {
                var what = $"{Name(endpoint)}, {kind}";
                using var response = await _mesh.SendAsync(MethodOf(endpoint), PathOf(endpoint), key);
                response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, what);
                response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
                var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
                    .RootElement.GetProperty("error");
                error.GetProperty("code").GetString().ShouldBe("invalid_api_key", what);
                error.GetProperty("type").GetString().ShouldBe("invalid_request_error", what);
            }
        }
    }

    [Fact]
    public async Task HttpRoutes_KeyOfAllOtherScopes_403()
    {
        foreach (var endpoint in Closed().Where(endpoint => !IsGrpc(endpoint)))
        {
            var needed = endpoint.Metadata.GetMetadata<RequiredScope>()!.AnyOf;
            var key = await _mesh.CreateKeyAsync("one", scopes: [.. Scopes.All.Except(needed)]);
            using var response = await _mesh.SendAsync(MethodOf(endpoint), PathOf(endpoint), key.Key);
            response.StatusCode.ShouldBe(HttpStatusCode.Forbidden, Name(endpoint));
        }
    }

    [Fact]
    public async Task GrpcMethods_AnyBadKey_Unauthenticated()
    {
        foreach (var endpoint in Closed().Where(IsGrpc))
        {
            foreach (var (kind, key) in _badKeys)
            {
                (await CallAsync(endpoint, key)).ShouldBe(StatusCode.Unauthenticated, $"{Name(endpoint)}, {kind}");
            }
        }
    }

    [Fact]
    public async Task GrpcMethods_KeyOfAllOtherScopes_PermissionDenied()
    {
        foreach (var endpoint in Closed().Where(IsGrpc))
        {
            if (endpoint.Metadata.GetMetadata<RequiredScope>() is { AnyOf: var needed })
            {
                var key = await _mesh.CreateKeyAsync("one", scopes: [.. Scopes.All.Except(needed)]);
                (await CallAsync(endpoint, key.Key)).ShouldBe(StatusCode.PermissionDenied, Name(endpoint));
            }
        }
    }

    private IEnumerable<RouteEndpoint> Endpoints() =>
        ((IEndpointRouteBuilder)_mesh.Router.App).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    private IEnumerable<RouteEndpoint> Closed() => Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null);

    private static bool IsGrpc(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null || Name(endpoint).Contains("{unimplemented", StringComparison.Ordinal);

    private static string Name(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!;

    private static HttpMethod MethodOf(RouteEndpoint endpoint) =>
        new(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]);

    private static string PathOf(RouteEndpoint endpoint) =>
        Name(endpoint).Replace("{id}", "AAAAAAAAAAAA", StringComparison.Ordinal).Replace("{model}", "whisper-1", StringComparison.Ordinal);

    private async Task<StatusCode> CallAsync(RouteEndpoint endpoint, string? key)
    {
        var name = Name(endpoint).Contains("{unimplementedService}", StringComparison.Ordinal)
            ? "/no.Service/Method"
            : Name(endpoint).Replace("{unimplementedMethod}", "Method", StringComparison.Ordinal);
        var parts = name.Trim('/').Split('/');
        var bytes = Marshallers.Create<byte[]>(value => value, value => value);
        var method = new Method<byte[], byte[]>(MethodType.Unary, parts[0], parts[1], bytes, bytes);
        var headers = new Metadata();
        if (key is not null)
        {
            headers.Add("authorization", $"Bearer {key}");
        }

        var options = new CallOptions(headers, cancellationToken: TestContext.Current.CancellationToken);
        try
        {
            await _mesh.Router.Invoker.AsyncUnaryCall(method, null, options, []).ResponseAsync.Bounded();
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    /// <summary>Whole by its checksum, with the id of a key that exists.</summary>
    private static string Forged(string id)
    {
        var body = $"{ApiKey.Prefix}{id}{ApiKey.Create().Reveal()[(ApiKey.Prefix.Length + id.Length)..^6]}";
        return body + ApiKey.Checksum(body);
    }

    private async Task<string> ExpiredAsync()
    {
        var key = ApiKey.Create();
        await _mesh.Router.Services.GetRequiredService<IKeyStore>().AddAsync(
            new KeyRecord
            {
                Id = key.Id,
                Tenant = "one",
                Name = "expired",
                Scopes = Scopes.All,
                Hash = key.Hash(),
                CreatedAt = DateTimeOffset.UnixEpoch,
                ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(-1),
            },
            TestContext.Current.CancellationToken);
        return key.Reveal();
    }
}
