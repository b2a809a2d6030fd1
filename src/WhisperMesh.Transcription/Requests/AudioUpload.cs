using System.IO.Pipelines;
using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Requests;

/// <summary>
/// Carries the audio of a request stream to its decoder through a bounded pipe: a slow decoder holds the sender back by
/// HTTP/2's flow control, and memory stays flat.
/// </summary>
internal sealed class AudioUpload(IAsyncStreamReader<StreamTranscribeRequest> requests, long maxBytes)
{
    private const int MaxChunkBytes = 65_536;

    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: 4 * MaxChunkBytes, resumeWriterThreshold: 2 * MaxChunkBytes, useSynchronizationContext: false));

    /// <summary>The bytes, for one reader. Reading throws what went wrong with the upload.</summary>
    public Stream Audio => _pipe.Reader.AsStream();

    /// <summary>Reads the request stream to its end, or until the reader wants no more.</summary>
    public async Task PumpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CopyAsync(cancellationToken);
            await _pipe.Writer.CompleteAsync();
        }
        catch (Exception exception)
        {
            await _pipe.Writer.CompleteAsync(exception);
            throw;
        }
    }

    private async Task CopyAsync(CancellationToken cancellationToken)
    {
        var total = 0L;
        while (await requests.MoveNext(cancellationToken))
        {
            var audio = Check(requests.Current);
            total += audio.Length;
            if (total > maxBytes)
            {
                throw MeshException.ResourceExhausted(
                    ErrorReasons.AudioTooLarge, $"The audio is larger than the limit of {maxBytes} bytes.", field: "audio");
            }

            var flushed = await _pipe.Writer.WriteAsync(audio, cancellationToken);
            if (flushed.IsCompleted)
            {
                return;
            }
        }

        if (total == 0)
        {
            throw MeshException.InvalidArgument("audio", "The request carries no audio.", ErrorReasons.AudioUnreadable);
        }
    }

    private static ReadOnlyMemory<byte> Check(StreamTranscribeRequest request) => request.PayloadCase switch
    {
        StreamTranscribeRequest.PayloadOneofCase.Audio when request.Audio.Length <= MaxChunkBytes => request.Audio.Memory,
        StreamTranscribeRequest.PayloadOneofCase.Audio => throw MeshException.InvalidArgument(
            "audio", $"A message carries {request.Audio.Length} bytes of audio; at most {MaxChunkBytes} are allowed."),
        StreamTranscribeRequest.PayloadOneofCase.Config => throw MeshException.FailedPrecondition(
            ErrorReasons.ConfigRepeated, "The configuration may be sent once, as the first message.", "config"),
        _ => throw MeshException.InvalidArgument("audio", "A message is empty: it carries neither configuration nor audio."),
    };
}
