using System.Diagnostics;
using System.Net.Http.Headers;
using WhisperMesh.Benchmarks.Gateway;
using WhisperMesh.Benchmarks.Gateway.Peers;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>A result from the router's cache against upload and hash alone, which no cache of uploads can do without.</summary>
internal sealed class CacheScenario : IScenario
{
    private const int DefaultRounds = 15;
    private const int RequestsPerRound = 20;
    private const int WarmUpRequests = 200;

    private static readonly Upload[] Uploads =
    [
        // 16 kHz, 16 bit; and 64 kbit/s. Nothing of it is decoded on the way to a hit.
        new("wav, 10 s", "speech.wav", 320_000),
        new("wav, 10 min", "speech.wav", 19_200_000),
        new("mp3, 10 s", "speech.mp3", 80_000),
        new("mp3, 10 min", "speech.mp3", 4_800_000),
    ];

    public string Name => "cache";

    public string Description => "results from the router's cache over HTTP against upload and hash alone";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        await using var setup = await GatewaySetup.StartAsync(core: 1, cancellationToken);
        var proxy = new RouterProxy();
        await using var router = await proxy.StartAsync(setup, ProxyProcess.FreePort(), core: 0, cancellationToken);
        var hashPort = ProxyProcess.FreePort();
        await using var hashServer = await HashServer.StartAsync(hashPort, core: 0, cancellationToken);
        using var hits = new HttpClient { BaseAddress = proxy.Http };
        hits.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", proxy.Key);
        using var hashes = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{hashPort}") };
        var result = new ScenarioResult(Name);
        var table = result.Table(
            "one caller", "upload", "bytes", "hit, ms", "upload and hash alone, ms", "hit ÷ upload and hash", "low", "high");
        await WarmUpAsync(hits, hashes, cancellationToken);
        foreach (var upload in Uploads)
        {
            var (hit, hash) = await MeasureAsync(upload, hits, hashes, context, cancellationToken);
            var ratio = Ratio.Of(hit, hash);
            table.Add(upload.Name, upload.Content.Length, Statistics.Median(hit), Statistics.Median(hash), ratio.Median, ratio.Low, ratio.High);
            result.Measured($"{upload.Name}, hit ms", hit);
            result.Measured($"{upload.Name}, upload and hash ms", hash);
        }

        result.Note("Both servers run on core 0, the client and Redis elsewhere. Each figure is the median of a round's requests.");
        return result;
    }

    private static async Task<(List<double> Hit, List<double> Hash)> MeasureAsync(
        Upload upload, HttpClient hits, HttpClient hashes, BenchmarkContext context, CancellationToken cancellationToken)
    {
        await UntilHitAsync(upload, hits, cancellationToken);
        var (hit, hash) = (new List<double>(), new List<double>());
        var rounds = context.Options.Rounds ?? DefaultRounds;
        for (var round = 1; round <= rounds; round++)
        {
            hash.Add(await MedianAsync(() => upload.SendAsync(hashes, cancellationToken)));
            hit.Add(await MedianAsync(async () =>
            {
                if (await upload.SendAsync(hits, cancellationToken) is not "hit" and var other)
                {
                    throw new BenchmarkException($"The cache said '{other}'.");
                }
            }));
            context.Say($"{upload.Name}, round {round}/{rounds}: hit {hit[^1]:0.00} ms, upload and hash {hash[^1]:0.00} ms");
        }

        return (hit, hash);
    }

    private static async Task WarmUpAsync(HttpClient hits, HttpClient hashes, CancellationToken cancellationToken)
    {
        foreach (var upload in Uploads)
        {
            await UntilHitAsync(upload, hits, cancellationToken);
        }

        for (var i = 0; i < WarmUpRequests; i++)
        {
            await Uploads[0].SendAsync(hits, cancellationToken);
            await Uploads[0].SendAsync(hashes, cancellationToken);
        }
    }

    // The router learns of the worker soon after both are up, and puts a result away beside its answer.
    private static async Task UntilHitAsync(Upload upload, HttpClient hits, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await upload.SendAsync(hits, bound.Token) != "hit")
        {
            await beat.WaitForNextTickAsync(bound.Token);
        }
    }

    private static async Task<double> MedianAsync(Func<Task> request)
    {
        var milliseconds = new List<double>();
        for (var i = 0; i < RequestsPerRound; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            await request();
            milliseconds.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        return Statistics.Median(milliseconds);
    }

    /// <summary>A file of a length.</summary>
    private sealed class Upload(string name, string fileName, int bytes)
    {
        public string Name => name;

        public byte[] Content { get; } = Fill(fileName, bytes);

        /// <summary>Sends it as OpenAI's clients do and reads the answer.</summary>
        /// <returns>What the answer says of the cache.</returns>
        public async Task<string?> SendAsync(HttpClient client, CancellationToken cancellationToken)
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent("verbose_json"), "response_format" },
                { new StringContent("en"), "language" },
                { new StringContent(StandInWorker.WholeTranscript), "prompt" },
                { new ByteArrayContent(Content), "file", fileName },
            };
            using var response = await client.PostAsync("/v1/audio/transcriptions", form, cancellationToken);
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.Headers.TryGetValues("x-whispermesh-cache", out var values) ? string.Concat(values) : null;
        }

        private static byte[] Fill(string fileName, int bytes)
        {
            var content = new byte[bytes];
            new Random(bytes).NextBytes(content);
            ReadOnlySpan<byte> start = fileName.EndsWith(".wav", StringComparison.Ordinal)
                ? [.. "RIFF"u8, .. BitConverter.GetBytes(bytes - 8), .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0x80, 0x3e, 0, 0, 0, 0x7d, 0, 0, 2, 0, 16, 0, .. "data"u8, .. BitConverter.GetBytes(bytes - 44)]
                : "ID3"u8;
            start.CopyTo(content);
            return content;
        }
    }
}
