using System.Buffers;
using System.Runtime.ExceptionServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Spool;
using WhisperMesh.Speech.V1;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace WhisperMesh.Router.Workers.Connections;

/// <summary>The way to one of the mesh's own workers.</summary>
internal sealed partial class GrpcWorkerConnection(GrpcChannel channel) : IWorkerConnection
{
    // The most that a message may carry.
    private const int ChunkBytes = 64 * 1024;

    private static readonly WriteOptions Follows = new(WriteFlags.BufferHint);

    private readonly TranscriptionService.TranscriptionServiceClient _transcription = new(channel);
    private readonly SynthesisService.SynthesisServiceClient _synthesis = new(channel);
    private readonly HealthClient _health = new(channel);

    public async Task TranscribeAsync(
        TranscriptionConfig config,
        SpoolFile audio,
        DateTime? deadline,
        IRelaySink<StreamTranscribeResponse> sink,
        CancellationToken cancellationToken)
    {
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = _transcription.StreamTranscribe(deadline: deadline, cancellationToken: abort.Token);
        var upload = UploadAsync(call.RequestStream, config, audio, abort);
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

    public async Task SynthesizeAsync(
        SynthesizeRequest request, DateTime? deadline, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken)
    {
        using var call = _synthesis.Synthesize(request, deadline: deadline, cancellationToken: cancellationToken);
        var complete = false;
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            complete |= call.ResponseStream.Current.EventCase == SynthesizeResponse.EventOneofCase.Summary;
            await sink.AcceptAsync(call.ResponseStream.Current, cancellationToken);
        }

        if (!complete)
        {
            throw EndedEarly();
        }
    }

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        var health = await _health.CheckAsync(new HealthCheckRequest(), cancellationToken: cancellationToken);
        if (health.Status != HealthCheckResponse.Types.ServingStatus.Serving)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"The worker says that it is {health.Status}."));
        }
    }

    public void Dispose() => channel.Dispose();

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
            throw EndedEarly();
        }
    }

    private static RpcException EndedEarly() => new(new Status(StatusCode.Unavailable, "The worker ended the stream without a summary."));

    /// <summary>Sends config and audio. Faults when the upload itself failed; a worker that hangs up shows in the download.</summary>
    private static async Task UploadAsync(
        IClientStreamWriter<StreamTranscribeRequest> requests, TranscriptionConfig config, SpoolFile audio, CancellationTokenSource abort)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            var reader = audio.OpenReader();
            requests.WriteOptions = OptionsFor(reader);
            var hears = await TrySendAsync(requests, new StreamTranscribeRequest { Config = config }, abort.Token);
            while (hears && await reader.ReadAsync(buffer.AsMemory(0, ChunkBytes), abort.Token) is > 0 and var count)
            {
                // The message is serialized before WriteAsync returns, so the buffer is free for the next one.
                var bytes = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count));
                requests.WriteOptions = OptionsFor(reader);
                hears = await TrySendAsync(requests, new StreamTranscribeRequest { Audio = bytes }, abort.Token);
            }

            await requests.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidOperationException)
        {
            // The call is over; its status comes with the download.
        }
        catch (Exception)
        {
            await abort.CancelAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Only the last message of those that are there is pushed out to the network; it takes the others along.
    private static WriteOptions? OptionsFor(SpoolReader reader) => reader.HasMore ? Follows : null;

    /// <returns>False when the call is over; its status comes with the download.</returns>
    private static async Task<bool> TrySendAsync(
        IClientStreamWriter<StreamTranscribeRequest> requests, StreamTranscribeRequest message, CancellationToken cancellationToken)
    {
        try
        {
            await requests.WriteAsync(message, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException or HttpRequestException)
        {
            return false;
        }
    }
}
