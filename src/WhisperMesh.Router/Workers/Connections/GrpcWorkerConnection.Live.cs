using Grpc.Core;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Workers.Connections;

internal sealed partial class GrpcWorkerConnection
{
    private readonly LiveTranscriptionService.LiveTranscriptionServiceClient _live = new(channel);

    public ILiveCall OpenLive(CancellationToken cancellationToken) => new LiveCall(_live.StreamLive(cancellationToken: cancellationToken));

    private sealed class LiveCall(AsyncDuplexStreamingCall<StreamLiveRequest, StreamLiveResponse> call) : ILiveCall
    {
        public async Task<bool> TrySendAsync(StreamLiveRequest message, CancellationToken cancellationToken)
        {
            try
            {
                await call.RequestStream.WriteAsync(message, cancellationToken);
                return true;
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException or IOException or HttpRequestException)
            {
                return false;
            }
        }

        public async Task CompleteAsync()
        {
            try
            {
                await call.RequestStream.CompleteAsync();
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException or IOException or HttpRequestException)
            {
                // The stream is over; its status comes with the reading.
            }
        }

        public async Task<StreamLiveResponse?> ReadAsync(CancellationToken cancellationToken) =>
            await call.ResponseStream.MoveNext(cancellationToken) ? call.ResponseStream.Current : null;

        public void Dispose() => call.Dispose();
    }
}
