using Grpc.Core;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Reuse;

/// <summary>Keeps what is sent, but for progress.</summary>
internal sealed class RecordedResponses(IServerStreamWriter<StreamTranscribeResponse> responses)
    : IServerStreamWriter<StreamTranscribeResponse>
{
    public List<StreamTranscribeResponse> Events { get; } = [];

    public WriteOptions? WriteOptions
    {
        get => responses.WriteOptions;
        set => responses.WriteOptions = value;
    }

    public Task WriteAsync(StreamTranscribeResponse message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        if (message.Progress is null)
        {
            Events.Add(message);
        }

        return responses.WriteAsync(message, cancellationToken);
    }
}
