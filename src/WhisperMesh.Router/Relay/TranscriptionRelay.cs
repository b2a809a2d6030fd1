using System.Buffers;
using System.Runtime.ExceptionServices;
using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>A transcription to relay.</summary>
internal sealed record TranscriptionJob
{
    public required TranscriptionConfig Config { get; init; }

    /// <summary>The audio, possibly still growing.</summary>
    public required SpoolFile Audio { get; init; }

    public CompressedAudio CompressedAudio { get; init; } = CompressedAudio.Preferred;

    public DateTime? Deadline { get; init; }
}

/// <summary>Relays a transcription to a worker and its events back, retrying from the spool.</summary>
internal sealed class TranscriptionRelay(RelayRunner runner, WorkerPool pool)
{
    private const int ChunkBytes = 32 * 1024;

    /// <summary>Throws when no worker could serve a request of which these fields are known so far.</summary>
    public void CheckRoute(TranscriptionConfig known)
    {
        var sofar = TranscriptionRequirements.Of(known, CompressedAudio.None);

        // Which languages there are depends on the model, which may come later.
        pool.Check(known.Model.Length > 0 ? sofar : sofar with { Language = "", AllowedLanguages = [] });
    }

    public Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken) =>
        runner.RunAsync(
            new RelayPlan(
                "transcribe",
                job.Config.RequestId,
                TranscriptionRequirements.Of(job.Config, job.CompressedAudio),
                (worker, attempt, token) => TryAsync(job, sink, worker, attempt, token),
                sink.TryRestart),
            cancellationToken);

    private static async Task TryAsync(
        TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, WorkerHold worker, int attempt, CancellationToken cancellationToken)
    {
        var config = job.Config.Clone();
        config.Model = worker.Model;
        config.Attempt = attempt;

        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = new TranscriptionService.TranscriptionServiceClient(worker.Channel)
            .StreamTranscribe(deadline: job.Deadline, cancellationToken: abort.Token);
        var upload = UploadAsync(call.RequestStream, config, job.Audio, abort);
        ExceptionDispatchInfo? failure = null;
        try
        {
            await DownloadAsync(call.ResponseStream, sink, cancellationToken);
        }
        catch (RpcException e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            await abort.CancelAsync();
            await upload.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // When the client's half failed it took the call down with it, and is the cause to report.
        await upload;
        failure?.Throw();
    }

    private static async Task DownloadAsync(
        IAsyncStreamReader<StreamTranscribeResponse> responses, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        var complete = false;
        while (await responses.MoveNext(cancellationToken))
        {
            complete |= responses.Current.EventCase == StreamTranscribeResponse.EventOneofCase.Summary;
            await sink.AcceptAsync(responses.Current, cancellationToken);
        }

        if (!complete)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The worker ended the stream without a summary."));
        }
    }

    /// <summary>Sends config and audio. Faults when the upload itself failed; a worker that hangs up shows in the download.</summary>
    private static async Task UploadAsync(
        IClientStreamWriter<StreamTranscribeRequest> requests, TranscriptionConfig config, SpoolFile audio, CancellationTokenSource abort)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            await requests.WriteAsync(new StreamTranscribeRequest { Config = config }, abort.Token);
            var reader = audio.OpenReader();
            while (await reader.ReadAsync(buffer.AsMemory(0, ChunkBytes), abort.Token) is > 0 and var count)
            {
                // The message is serialized before WriteAsync returns, so the buffer is free for the next one.
                var bytes = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count));
                await requests.WriteAsync(new StreamTranscribeRequest { Audio = bytes }, abort.Token);
            }

            await requests.CompleteAsync();
        }
        catch (SpoolFailedException e)
        {
            await abort.CancelAsync();
            ExceptionDispatchInfo.Throw(e.InnerException!);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidOperationException)
        {
            // The call is over; its status comes with the download.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
