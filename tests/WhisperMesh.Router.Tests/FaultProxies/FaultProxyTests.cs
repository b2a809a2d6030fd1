using System.Net;
using System.Net.Sockets;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.Router.Tests.FaultProxies;

/// <summary>The tool of the fault tests does what it says; a fault that does nothing would prove anything.</summary>
public sealed class FaultProxyTests : IAsyncDisposable
{
    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private readonly Task _echoing;
    private readonly FaultProxy _proxy;

    public FaultProxyTests()
    {
        _echo.Start();
        _echoing = EchoAsync();
        _proxy = FaultProxy.Start(((IPEndPoint)_echo.LocalEndpoint).Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _echo.Dispose();
        await _echoing;
    }

    [Fact]
    public async Task Proxy_NoFaults_CarriesEveryByteBothWays()
    {
        var sent = new byte[300_000];
        new Random(7).NextBytes(sent);

        (await RoundTripAsync(sent)).ShouldBe(sent);
    }

    [Fact]
    public async Task Proxy_Slicer_CarriesTheSameBytesInSmallPieces()
    {
        _proxy.Both = new Faults { SliceBytes = 7 };
        var sent = new byte[5_000];
        new Random(7).NextBytes(sent);

        (await RoundTripAsync(sent)).ShouldBe(sent);
    }

    [Fact]
    public async Task Proxy_Latency_HoldsEachPieceBack()
    {
        _proxy.Both = new Faults { Latency = TimeSpan.FromMilliseconds(100) };
        var begin = TimeProvider.System.GetTimestamp();

        await RoundTripAsync([1, 2, 3]);

        TimeProvider.System.GetElapsedTime(begin).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(195));
    }

    [Fact]
    public async Task Proxy_Bandwidth_SendsNoFaster()
    {
        _proxy.ToServer = new Faults { BytesPerSecond = 20_000 };
        var begin = TimeProvider.System.GetTimestamp();

        await RoundTripAsync(new byte[10_000]);

        TimeProvider.System.GetElapsedTime(begin).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(450));
    }

    [Fact]
    public async Task Proxy_LimitData_EndsAfterThatManyBytes()
    {
        _proxy.ToClient = new Faults { LimitBytes = 1000 };

        (await RoundTripAsync(new byte[3_000])).Length.ShouldBe(1000);
    }

    [Fact]
    public async Task Proxy_ResetShare_ResetsTheConnection()
    {
        _proxy.ToServer = new Faults { ResetShare = 1 };

        (await Should.ThrowAsync<IOException>(() => RoundTripAsync([1]))).InnerException
            .ShouldBeOfType<SocketException>().SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task Proxy_BlackHole_NothingArrivesAndNothingCloses()
    {
        _proxy.ToServer = new Faults { BlackHole = true };
        using var client = await ConnectAsync();
        await client.GetStream().WriteAsync(new byte[10], TestContext.Current.CancellationToken);

        var answer = client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
        await Should.ThrowAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public async Task Down_RefusesConnectionsUntilUp()
    {
        await _proxy.DownAsync();
        await Should.ThrowAsync<SocketException>(ConnectAsync);

        _proxy.Up();

        (await RoundTripAsync([5])).ShouldBe([5]);
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port, TestContext.Current.CancellationToken);
        return client;
    }

    private async Task<byte[]> RoundTripAsync(byte[] sent)
    {
        using var client = await ConnectAsync();
        var stream = client.GetStream();
        var received = new MemoryStream();
        var reading = stream.CopyToAsync(received, TestContext.Current.CancellationToken);
        await stream.WriteAsync(sent, TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);
        await reading.Bounded();
        return received.ToArray();
    }

    private async Task EchoAsync()
    {
        while (true)
        {
            try
            {
                using var socket = await _echo.AcceptSocketAsync();
                using var stream = new NetworkStream(socket);
                await stream.CopyToAsync(stream);
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                return;
            }
            catch (IOException)
            {
                // A connection that the test has broken.
            }
        }
    }
}
