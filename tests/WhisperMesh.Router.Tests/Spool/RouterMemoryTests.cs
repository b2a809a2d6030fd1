using System.Diagnostics;
using System.Globalization;
using System.Net;
using Google.Protobuf;
using StackExchange.Redis;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.Tests.Shared;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Spool;

/// <summary>The router as a process of its own, with Redis, as it runs in a mesh.</summary>
public sealed class RouterMemoryTests
{
    private const int UploadMegabytes = 500;
    private const int AllowedGrowthMegabytes = 50;
    private const long Megabyte = 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transcriptions_500MegabyteUpload_LeavesMemoryFlat()
    {
        await using var redis = await RedisServer.StartNewAsync(Token);
        await using var worker = await FakeWorker.StartAsync("one");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var announcing = AnnounceAsync(redis, worker, end.Token);
        var port = FreePorts.Next();
        using var router = StartRouter(redis, port);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(2) };
            await UntilServingAsync(http);
            await UploadAsync(http, megabytes: 1);
            var before = ResidentBytes(router);
            var peak = before;
            using var watch = new Timer(_ => peak = Math.Max(peak, ResidentBytes(router)), null, 0, 20);

            var text = await UploadAsync(http, UploadMegabytes);

            text.ShouldContain($"{UploadMegabytes * Megabyte} bytes");
            peak.ShouldBeGreaterThan(0);
            TestContext.Current.TestOutputHelper?.WriteLine($"{before / Megabyte} MB before, {peak / Megabyte} MB at most");
            ((peak - before) / Megabyte).ShouldBeLessThan(AllowedGrowthMegabytes);
        }
        finally
        {
            router.Kill(entireProcessTree: true);
            await router.WaitForExitAsync(Token);
            await end.CancelAsync();
            await announcing;
        }
    }

    /// <summary>Writes the worker's lease and renews it, in a mesh without a secret.</summary>
    private static async Task AnnounceAsync(RedisServer redis, FakeWorker worker, CancellationToken end)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var database = connection.GetDatabase();
        await database.SortedSetAddAsync("whispermesh:workers", "one", double.MaxValue);
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(3));
        for (var counter = 1; !end.IsCancellationRequested; counter++)
        {
            var time = new DateTimeOffset(await connection.GetServers()[0].TimeAsync());
            var lease = new SealedWorkerLease
            {
                Lease = worker.Lease.ToByteString(),
                IssueTimeMs = time.ToUnixTimeMilliseconds(),
                Counter = counter,
            };
            await database.StringSetAsync("whispermesh:worker:one", lease.ToByteArray());
            Task next = beat.WaitForNextTickAsync(end).AsTask();
            await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Process StartRouter(RedisServer redis, int port)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(RouterOptions).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["Endpoints__HttpPort"] = port.ToString(CultureInfo.InvariantCulture),
                ["Endpoints__GrpcPort"] = "0",
                ["ConnectionStrings__redis"] = redis.ConnectionString,
            },
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task UntilServingAsync(HttpClient http)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        end.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                using var response = await http.GetAsync("/v1/models/whisper-1", end.Token);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await beat.WaitForNextTickAsync(end.Token);
        }
    }

    private static async Task<string> UploadAsync(HttpClient http, long megabytes)
    {
        using var form = new MultipartFormDataContent { { new StreamContent(new WavOf(megabytes * Megabyte)), "file", "long.wav" } };
        using var response = await http.PostAsync("/v1/audio/transcriptions", form, Token);
        return await ApiTest.BodyAsync(response);
    }

    private static long ResidentBytes(Process process)
    {
        process.Refresh();
        return process.WorkingSet64;
    }

    /// <summary>A WAV of any size that takes no memory.</summary>
    private sealed class WavOf(long length) : Stream
    {
        private long _position;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var taken = (int)Math.Min(count, length - _position);
            buffer.AsSpan(offset, taken).Clear();
            if (_position == 0 && taken >= Forms.Wav.Length)
            {
                Forms.Wav.CopyTo(buffer.AsSpan(offset));
            }

            _position += taken;
            return taken;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
