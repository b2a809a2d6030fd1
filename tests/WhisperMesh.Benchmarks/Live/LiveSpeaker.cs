using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Benchmarks.Live;

/// <summary>Speaks a talk into a live stream, in pieces of 50 ms, each when it would have been spoken, and notes what comes back when.</summary>
internal static class LiveSpeaker
{
    public const int PieceBytes = Talk.BytesPerSecond / 20;

    public static readonly TimeSpan Piece = TimeSpan.FromMilliseconds(50);

    /// <param name="worker">Who listens.</param>
    /// <param name="talk">What is said.</param>
    /// <param name="config">How it is to be heard, without the format.</param>
    /// <param name="delay">When to begin.</param>
    /// <param name="stopAfter">Only so much of the talk.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LiveRun> SpeakAsync(
        WorkerProcess worker, Talk talk, LiveConfig config, TimeSpan delay, TimeSpan stopAfter, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, cancellationToken);
        config.AudioFormat = WorkerProcess.Format;
        var audio = talk.Audio[..Math.Min(talk.Audio.Length, (int)(stopAfter.TotalSeconds * Talk.BytesPerSecond) & ~1)];
        using var call = worker.Live.StreamLive(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(new StreamLiveRequest { Config = config }, cancellationToken);
        if (!await call.ResponseStream.MoveNext(cancellationToken))
        {
            throw new BenchmarkException("The live stream ended before it began.");
        }

        var run = new LiveRun(talk, audio.Length, Stopwatch.GetTimestamp());
        var sending = SendAsync(call.RequestStream, audio, run, cancellationToken);
        try
        {
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                run.Events.Add(new LiveMoment(Stopwatch.GetTimestamp(), message));
            }
        }
        catch (RpcException exception)
        {
            run.Failure = exception.Status.Detail;
        }

        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return run;
    }

    private static async Task SendAsync(
        IClientStreamWriter<StreamLiveRequest> stream, ReadOnlyMemory<byte> audio, LiveRun run, CancellationToken cancellationToken)
    {
        for (var at = 0; at < audio.Length; at += PieceBytes)
        {
            var wait = LiveRun.DueOf(at + PieceBytes) - Stopwatch.GetElapsedTime(run.Begin);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            var data = UnsafeByteOperations.UnsafeWrap(audio.Slice(at, Math.Min(PieceBytes, audio.Length - at)));
            await stream.WriteAsync(new StreamLiveRequest { Audio = new LiveAudio { Data = data } }, cancellationToken);
            run.OnSent(at + data.Length);
        }

        await stream.CompleteAsync();
    }
}
