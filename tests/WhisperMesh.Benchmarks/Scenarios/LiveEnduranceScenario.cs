using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.Benchmarks.Live;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>One stream of many hours, faster than real time: what stays behind of it in the worker.</summary>
internal sealed class LiveEnduranceScenario : IScenario
{
    private static readonly TimeSpan DefaultLength = TimeSpan.FromHours(8);
    private static readonly TimeSpan Block = TimeSpan.FromMinutes(5);
    private const int Samples = 200;
    private const int ChunkBytes = Talk.BytesPerSecond / 10;

    public string Name => "live-endurance";

    public string Description => "one stream of 8 hours or --minutes of audio, as fast as passes at fixed places allow: the worker's private memory";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        var length = context.Options.Length ?? DefaultLength;
        var result = new ScenarioResult(Name);
        await using var worker = await WorkerProcess.StartAsync(1, cancellationToken);
        await LiveTalks.WarmUpAsync(context, worker, cancellationToken);
        using var call = worker.Live.StreamLive(cancellationToken: cancellationToken);
        var config = new LiveConfig
        {
            LanguageCode = LiveTalks.Language(context),
            PassClock = LivePassClock.Audio,

            // The fewest passes: what a stream leaves behind does not depend on them, and eight hours are over sooner.
            Latency = LiveLatency.High,
            AudioFormat = WorkerProcess.Format,
        };
        var begin = Stopwatch.GetTimestamp();
        await call.RequestStream.WriteAsync(new StreamLiveRequest { Config = config }, cancellationToken);
        var sending = SendAsync(context, call.RequestStream, length, cancellationToken);
        var (summary, memory) = await WatchAsync(context, worker, call.ResponseStream, length, cancellationToken);
        await sending;
        Report(result, summary, memory, Stopwatch.GetElapsedTime(begin));
        return result;
    }

    private static async Task SendAsync(
        BenchmarkContext context, IClientStreamWriter<StreamLiveRequest> stream, TimeSpan length, CancellationToken cancellationToken)
    {
        var sent = TimeSpan.Zero;
        for (var block = 0; sent < length; block++)
        {
            var rest = length - sent;
            var talk = Talk.Make(LiveTalks.Language(context), rest < Block ? rest : Block, context.Options.Seed + block);
            for (var at = 0; at < talk.Audio.Length; at += ChunkBytes)
            {
                var data = UnsafeByteOperations.UnsafeWrap(talk.Audio.Slice(at, Math.Min(ChunkBytes, talk.Audio.Length - at)));
                await stream.WriteAsync(new StreamLiveRequest { Audio = new LiveAudio { Data = data } }, cancellationToken);
            }

            sent += talk.Duration;
        }

        await stream.CompleteAsync();
    }

    private static async Task<(LiveSummary Summary, List<(double Hours, double Megabytes)> Memory)> WatchAsync(
        BenchmarkContext context, WorkerProcess worker, IAsyncStreamReader<StreamLiveResponse> stream, TimeSpan length,
        CancellationToken cancellationToken)
    {
        var memory = new List<(double Hours, double Megabytes)>();
        var next = TimeSpan.Zero;
        await foreach (var message in stream.ReadAllAsync(cancellationToken))
        {
            if (message.Summary is { } summary)
            {
                memory.Add((summary.AudioDuration.ToTimeSpan().TotalHours, worker.Process.PrivateMegabytes));
                return (summary, memory);
            }

            var received = message.Progress.AudioReceived.ToTimeSpan();
            if (received >= next)
            {
                memory.Add((received.TotalHours, worker.Process.PrivateMegabytes));
                next = received + (length / Samples);
                if (memory.Count % 10 == 0)
                {
                    context.Say($"{received:hh\\:mm\\:ss} of audio: {memory[^1].Megabytes:0.0} MB private");
                }
            }
        }

        throw new BenchmarkException("The live stream ended without its summary.");
    }

    private static void Report(ScenarioResult result, LiveSummary summary, List<(double Hours, double Megabytes)> memory, TimeSpan elapsed)
    {
        var settled = memory.Skip(memory.Count / 10).ToList();
        var tenth = Math.Max(1, settled.Count / 10);
        var audio = summary.AudioDuration.ToTimeSpan();
        var table = result.Table(
            "the worker's private memory after the first tenth", "audio, h", "took, h", "at first, MB", "at the end, MB", "growth, MB",
            "most, MB", "MB per hour of audio", "utterances", "model time per audio second");
        var (first, last) = (Median(settled.Take(tenth)), Median(settled.TakeLast(tenth)));
        table.Add(
            audio.TotalHours, elapsed.TotalHours, first, last, last - first, settled.Max(point => point.Megabytes),
            Slope.Of([.. settled.Select(point => (point.Hours, point.Megabytes))]), summary.UtteranceCount,
            summary.Decoding.ToTimeSpan() / audio);
        result.Measured("private MB", memory.Select(point => point.Megabytes));
        result.Note("At first and at the end: medians over a tenth of the samples that are left.");
    }

    private static double Median(IEnumerable<(double Hours, double Megabytes)> points) => Statistics.Median(points.Select(point => point.Megabytes));
}
