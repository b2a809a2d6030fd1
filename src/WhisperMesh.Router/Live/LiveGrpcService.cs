using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Grpc;
using WhisperMesh.Router.Requests;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>Live streams for gRPC clients.</summary>
internal sealed class LiveGrpcService(ILiveSessions sessions, IOptions<LiveOptions> options, TimeProvider time)
    : LiveTranscriptionService.LiveTranscriptionServiceBase
{
    [Explained(Operations.Live)]
    public override async Task StreamLive(
        IAsyncStreamReader<StreamLiveRequest> requestStream, IServerStreamWriter<StreamLiveResponse> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken)
            || requestStream.Current.PayloadCase != StreamLiveRequest.PayloadOneofCase.Config)
        {
            throw MeshException.FailedPrecondition(ErrorReasons.ConfigMissing, "The first message must carry `config`.");
        }

        var config = requestStream.Current.Config;
        var http = context.GetHttpContext();
        var origin = RequestOrigin.Of(http, RequestChecks.RequestId(config.RequestId, http), context.ClientDeadline());
        await using var connection = await sessions.ConnectAsync(config, origin, context.CancellationToken);

        // One that returns is told the id that its session had from the start.
        RequestIdentity.Of(http).Take(connection.Session.Id);
        await context.WriteResponseHeadersAsync(new Metadata { { RequestIds.HeaderName, connection.Session.Id } });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var upload = UploadAsync(requestStream, connection, end);
        try
        {
            await foreach (var message in connection.ReadAsync(end.Token))
            {
                await WriteAsync(responseStream, message, end.Token);
            }
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            // What the client sent is the cause; it is thrown below.
        }
        finally
        {
            await end.CancelAsync();
            await upload.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (upload.IsFaulted)
        {
            await upload;
        }
    }

    private static async Task UploadAsync(
        IAsyncStreamReader<StreamLiveRequest> requests, ILiveConnection connection, CancellationTokenSource end)
    {
        try
        {
            while (await requests.MoveNext(end.Token))
            {
                await connection.SendAsync(requests.Current, end.Token);
            }

            await connection.CompleteAsync(end.Token);
        }
        catch (MeshException e) when (e.StatusCode is StatusCode.InvalidArgument || e.Reason == ErrorReasons.ConfigRepeated)
        {
            await end.CancelAsync();
            throw;
        }
        catch (MeshException)
        {
            // The session has ended, or will: the reading says why once all is told.
        }
    }

    private async Task WriteAsync(IServerStreamWriter<StreamLiveResponse> responses, StreamLiveResponse message, CancellationToken cancellationToken)
    {
        try
        {
            await responses.WriteAsync(message, cancellationToken).WaitAsync(options.Value.SlowReaderTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw LiveErrors.TooSlow();
        }
    }
}
