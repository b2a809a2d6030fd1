using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.ServiceDefaults.Clients;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Trust;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Tests.Trust;

public sealed class MeshTlsTests : IDisposable
{
    private readonly TestAuthority _mesh = new();
    private readonly TestAuthority _stranger = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _mesh.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task Call_BothOfTheMesh_IsServed()
    {
        await using var worker = await StartAsync(_mesh.Settings());
        worker.Addresses.Grpc.Scheme.ShouldBe("https");

        (await CallAsync(worker, worker)).ShouldBeNull();
    }

    [Fact]
    public async Task Call_CallerOfAnotherAuthority_IsRefused()
    {
        await using var worker = await StartAsync(_mesh.Settings());
        await using var caller = await StartAsync(_stranger.Settings(trusted: _mesh));

        (await CallAsync(caller, worker)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Call_WorkerOfAnotherAuthority_IsRefused()
    {
        // It would take the caller; the caller must not take it.
        await using var worker = await StartAsync(_stranger.Settings(trusted: _mesh));
        await using var caller = await StartAsync(_mesh.Settings());

        (await CallAsync(caller, worker)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Call_CertificateForServersOnly_IsNoCaller()
    {
        await using var worker = await StartAsync(_mesh.Settings());
        _mesh.Issue("server", KeyUsages.Server);
        await using var caller = await StartAsync(_mesh.Settings());

        (await CallAsync(caller, worker)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Certificate_ReplacedWhileRunning_IsUsedForTheNextConnection()
    {
        await using var worker = await StartAsync(_mesh.Settings());
        (await NameAsync(worker)).ShouldBe("first");

        // A key without its certificate, as for a moment in each renewal, changes nothing.
        await File.WriteAllTextAsync(_mesh.KeyPath, "-", Token);
        (await NameAsync(worker)).ShouldBe("first");

        _mesh.Issue("second");
        (await NameAsync(worker)).ShouldBe("second");
    }

    [Fact]
    public async Task Lease_WithoutTls_IsIgnored()
    {
        await using var worker = await StartAsync(_mesh.Settings());
        var reader = worker.App.Services.GetRequiredService<LeaseReader>();
        var seal = worker.App.Services.GetRequiredService<LeaseSeal>();
        TrustedLease? Read(string address) =>
            reader.Read("w", seal.Close(new WorkerLease { WorkerId = "w", Address = address }, 1).ToByteArray());

        Read("http://127.0.0.1:1").ShouldBeNull();
        Read("https://127.0.0.1:1").ShouldNotBeNull();
    }

    [Fact]
    public async Task Endpoints_Certificate_ServesHttpsAndGrpcOverTls()
    {
        await using var service = await StartAsync(
            [new("Endpoints:CertificatePath", _mesh.CertificatePath), new("Endpoints:KeyPath", _mesh.KeyPath)]);
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = Trusting() }) { BaseAddress = service.Addresses.Http };

        http.BaseAddress.Scheme.ShouldBe("https");
        (await http.GetAsync("/health", Token)).IsSuccessStatusCode.ShouldBeTrue();

        var options = GrpcChannelDefaults.CreateOptions();
        ((SocketsHttpHandler)options.HttpHandler!).SslOptions = Trusting();
        using var channel = GrpcChannel.ForAddress(service.Addresses.Grpc, options);
        await new Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Token);
    }

    private static Task<TestWorker> StartAsync(KeyValuePair<string, string?>[] settings) => TestWorker.StartAsync(
        null, Token, configure: builder => builder.Configuration.AddInMemoryCollection(settings));

    /// <summary>The error of a call, or null.</summary>
    private static async Task<RpcException?> CallAsync(TestWorker caller, TestWorker worker)
    {
        var options = GrpcChannelDefaults.CreateOptions();
        options.HttpHandler = caller.App.Services.GetRequiredService<MeshTrust>().Apply((SocketsHttpHandler)options.HttpHandler!, "w");
        using var channel = GrpcChannel.ForAddress(worker.Addresses.Grpc, options);
        try
        {
            await new WorkerService.WorkerServiceClient(channel).GetLoadAsync(new GetLoadRequest(), cancellationToken: Token);
            return null;
        }
        catch (RpcException exception)
        {
            return exception;
        }
    }

    private SslClientAuthenticationOptions Trusting() => new()
    {
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetRawCertDataString()
            == X509CertificateLoader.LoadCertificateFromFile(_mesh.CertificatePath).GetRawCertDataString(),
    };

    private static async Task<string> NameAsync(TestWorker worker)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", worker.Addresses.Grpc.Port, Token);
        await using var stream = new SslStream(client.GetStream());
        var options = worker.App.Services.GetRequiredService<MeshCertificates>().ForClient();
        options.TargetHost = "any";
        await stream.AuthenticateAsClientAsync(options, Token);
        return new X509Certificate2(stream.RemoteCertificate!).GetNameInfo(X509NameType.SimpleName, false);
    }
}
