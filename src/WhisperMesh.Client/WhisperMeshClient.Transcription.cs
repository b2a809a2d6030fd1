using System.Diagnostics;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

public sealed partial class WhisperMeshClient
{
    /// <summary>Bytes of audio in one message, as the contract advises.</summary>
    internal const int ChunkSize = 32 * 1024;

    /// <summary>
    /// Transcribes a stream of audio while it is being read: segments come as soon as they are recognised, and reading
    /// waits when the mesh is slower than the source. Ending the enumeration early, or cancelling, ends the work.
    /// </summary>
    /// <param name="audio">A file or samples, as <paramref name="config"/> says; read to its end, not disposed.</param>
    /// <param name="config">What is asked for, as <see cref="TranscribeOptions.ToConfig"/> gives it; null takes the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="WhisperMeshException">The mesh refused the audio or failed on it.</exception>
    public async IAsyncEnumerable<StreamTranscribeResponse> TranscribeAsync(
        Stream audio,
        TranscriptionConfig? config = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        using var activity = ClientTelemetry.Start(TelemetryNames.Spans.ClientTranscribe);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = _transcription.StreamTranscribe(cancellationToken: ending.Token);

        // On the pool, since some streams (a terminal, a pipe) block in ReadAsync and would hold back the results.
        var upload = Task.Run(() => UploadAsync(call.RequestStream, audio, config ?? new TranscriptionConfig(), ending), CancellationToken.None);
        try
        {
            while (await NextAsync(call.ResponseStream, upload, ending, activity, cancellationToken).ConfigureAwait(false) is { } response)
            {
                yield return response;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await upload.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task UploadAsync(
        IClientStreamWriter<StreamTranscribeRequest> requests,
        Stream audio,
        TranscriptionConfig config,
        CancellationTokenSource ending)
    {
        try
        {
            var message = new StreamTranscribeRequest { Config = config };
            while (await TryAsync(() => requests.WriteAsync(message, ending.Token)).ConfigureAwait(false))
            {
                // Each message has its own buffer: a read that is left behind by a cancellation may still write into it.
                var chunk = await ReadChunkAsync(audio, ending.Token).ConfigureAwait(false);
                if (chunk.IsEmpty)
                {
                    await TryAsync(requests.CompleteAsync).ConfigureAwait(false);
                    return;
                }

                message = new StreamTranscribeRequest { Audio = UnsafeByteOperations.UnsafeWrap(chunk) };
            }
        }
        catch
        {
            // The source failed: end the call, so that the reader of the responses wakes and reports it.
            await ending.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>False when the call is over already: its status says why, and the reader of the responses reports it.</summary>
    private static async Task<bool> TryAsync(Func<Task> send)
    {
        try
        {
            await send().ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception
            is RpcException or InvalidOperationException or OperationCanceledException or IOException or HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadChunkAsync(Stream audio, CancellationToken cancellationToken)
    {
        var buffer = new byte[ChunkSize];
        var filled = await audio.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        return buffer.AsMemory(0, filled);
    }

    private async Task<StreamTranscribeResponse?> NextAsync(
        IAsyncStreamReader<StreamTranscribeResponse> responses,
        Task upload,
        CancellationTokenSource ending,
        Activity? activity,
        CancellationToken cancellationToken)
    {
        try
        {
            return await responses.MoveNext(CancellationToken.None).ConfigureAwait(false) ? responses.Current : null;
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ending.IsCancellationRequested)
            {
                await upload.ConfigureAwait(false);
            }

            throw Translate(exception, activity, cancellationToken);
        }
    }
}
