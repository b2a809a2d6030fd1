using System.Net;
using System.Net.Sockets;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Spool;

public sealed class UploadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transcriptions_UploadAboveTheLimit_Is413AndResourceExhausted()
    {
        await using var worker = await FakeWorker.StartAsync("one");
        await using var router = await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Router:MaxUploadBytes"] = "5000" }, worker.Lease);

        using var response = await router.Http.PostAsync("/v1/audio/transcriptions", Forms.WithFile(new byte[5001]), Token).Bounded();
        var call = await Should.ThrowAsync<RpcException>(() => router.TranscribeAsync(new TranscriptionConfig(), new byte[5001]));

        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.RequestEntityTooLarge, "file", "audio_too_large");
        call.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        router.Spool.BytesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task Transcriptions_QuotaReached_Is507()
    {
        await using var worker = await FakeWorker.StartAsync("one");
        await using var router = await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Router:SpoolQuotaBytes"] = "1000" }, worker.Lease);

        using var response = await router.Http.PostAsync("/v1/audio/transcriptions", Forms.Of(), Token).Bounded();

        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.InsufficientStorage, null, "spool_full", "server_error");
        router.Spool.BytesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task Transcriptions_SpoolFolderCannotBeMade_ShortIsServedAndLongIs507()
    {
        await using var worker = await FakeWorker.StartAsync("one");
        // A folder can't lie in a file, whoever asks for it.
        var below = Path.Combine(typeof(UploadTests).Assembly.Location, "spool");
        await using var router = await RouterHost.StartAsync(
            [], services => services.PostConfigure<RouterOptions>(options => options.SpoolDirectory = below), worker.Lease);
        var bytes = new byte[SpoolContent.MaxHeadBytes + 1];

        using var served = await router.Http.PostAsync("/v1/audio/transcriptions", Forms.Of(), Token).Bounded();
        using var refused = await router.Http.PostAsync("/v1/audio/transcriptions", Forms.WithFile(bytes), Token).Bounded();
        var call = await Should.ThrowAsync<RpcException>(
            () => router.TranscribeAsync(new TranscriptionConfig(), [.. bytes.Chunk(SpoolContent.BlockBytes)]));

        served.StatusCode.ShouldBe(HttpStatusCode.OK);
        await ApiTest.ShouldBeErrorAsync(refused, HttpStatusCode.InsufficientStorage, null, "spool_full", "server_error");
        (call.StatusCode, RpcErrorDetails.From(call).Reason).ShouldBe((StatusCode.ResourceExhausted, SpoolErrors.FullReason));
        await Bounds.UntilAsync(() => router.Spool is { OpenFiles: 0, BytesInUse: 0, MemoryInUse: 0 });
    }

    [Fact]
    public async Task Transcriptions_EndlessUpload_IsStoppedAtTheLimit()
    {
        await using var worker = await FakeWorker.StartAsync("one");
        await using var router = await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Router:MaxUploadBytes"] = "10000000" }, worker.Lease);
        using var endless = new EndlessStream();
        using var form = new MultipartFormDataContent { { new StreamContent(endless), "file", "a.wav" } };

        try
        {
            using var response = await router.Http.PostAsync("/v1/audio/transcriptions", form, Token).Bounded();
            response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        }
        catch (HttpRequestException)
        {
            // A client that is still sending may see the closed connection before the answer.
        }

        endless.Sent.ShouldBeLessThan(100_000_000);
        await Bounds.UntilAsync(() => router.Spool.OpenFiles == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Transcriptions_ClientGoneInMidUpload_LeavesNeitherFileNorCall(bool reset)
    {
        await using var worker = await FakeWorker.StartAsync("one");
        await using var router = await RouterHost.StartAsync(worker.Lease);
        var address = router.Http.BaseAddress!;
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n" +
            "Content-Length: 10000000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n"), Token);
        await client.GetStream().WriteAsync(new byte[500_000], Token);
        await Bounds.UntilAsync(() => router.Spool is { OpenFiles: 1, BytesInUse: > 100_000 });

        // With no time to linger the connection is reset, as when the client's machine drops it; else it ends in order.
        client.LingerState = new LingerOption(reset, 0);
        client.Close();

        await Bounds.UntilAsync(() => router.Spool is { OpenFiles: 0, BytesInUse: 0 });
        router.SpoolFiles.ShouldBeEmpty();
        worker.Speech.Configs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_StaleUploads_AreRemoved()
    {
        var folder = Directory.CreateTempSubdirectory("whispermesh-router-tests-");
        var stale = Path.Combine(folder.FullName, "left" + AudioSpool.FileSuffix);
        var other = Path.Combine(folder.FullName, "other.txt");
        await File.WriteAllTextAsync(stale, "x", Token);
        await File.WriteAllTextAsync(other, "x", Token);

        await using (await RouterHost.StartInAsync(folder.FullName))
        {
            File.Exists(stale).ShouldBeFalse();
            File.Exists(other).ShouldBeTrue();
        }
    }

    private sealed class EndlessStream : Stream
    {
        public long Sent { get; private set; }
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Sent += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
