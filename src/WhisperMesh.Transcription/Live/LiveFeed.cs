using Grpc.Core;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Transcription.Live;

/// <summary>
/// Carries a request stream into the engine, message by message. Where the engine lets it wait, the sender is held back by HTTP/2's
/// flow control, and memory stays flat.
/// </summary>
internal sealed class LiveFeed(
    IAsyncStreamReader<StreamLiveRequest> requests, RawSampleReader audio, LiveProgressMeter progress, ILiveTranscription live)
{
    private const int MaxChunkBytes = 65_536;

    /// <summary>Reads the request stream to its end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await requests.MoveNext(cancellationToken))
        {
            await TakeAsync(requests.Current, cancellationToken);
        }

        progress.OnOver();
        await HearAsync(audio.Complete(), cancellationToken);
        await live.CompleteAsync(cancellationToken);
    }

    private ValueTask TakeAsync(StreamLiveRequest request, CancellationToken cancellationToken) => request.PayloadCase switch
    {
        StreamLiveRequest.PayloadOneofCase.Audio => HearAsync(Read(request.Audio), cancellationToken),
        StreamLiveRequest.PayloadOneofCase.Commit => live.CommitAsync(cancellationToken),
        StreamLiveRequest.PayloadOneofCase.Clear => live.ClearAsync(cancellationToken),
        StreamLiveRequest.PayloadOneofCase.Config => throw MeshException.FailedPrecondition(
            ErrorReasons.ConfigRepeated, "The configuration may be sent once, as the first message.", "config"),
        _ => throw MeshException.InvalidArgument("audio", "A message is empty: it carries neither audio nor a commit nor a clear."),
    };

    private ValueTask HearAsync(ReadOnlyMemory<float> samples, CancellationToken cancellationToken) =>
        samples.Length == 0 ? ValueTask.CompletedTask : live.HearAsync(samples, cancellationToken);

    private ReadOnlyMemory<float> Read(LiveAudio given)
    {
        var bytes = given.Data.Span;
        if (bytes.Length > MaxChunkBytes)
        {
            throw MeshException.InvalidArgument(
                "audio.data", $"A message carries {bytes.Length} bytes of audio; at most {MaxChunkBytes} are allowed.");
        }

        var samples = audio.Read(bytes[Overlap(given)..]);
        progress.OnReceived(audio.Position);
        return samples;
    }

    /// <summary>Bytes that were received before, as a client sends them that was not sure of it.</summary>
    private int Overlap(LiveAudio given)
    {
        if (!given.HasPosition)
        {
            return 0;
        }

        if (given.Position < 0 || given.Position > audio.Position)
        {
            throw MeshException.InvalidArgument(
                "audio.position", $"The audio begins at byte {given.Position}, but the stream is at byte {audio.Position}: it must leave no gap.");
        }

        return (int)Math.Min(audio.Position - given.Position, given.Data.Length);
    }
}
