using Grpc.Core;
using Grpc.Core.Interceptors;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Workers;

namespace WhisperMesh.ServiceDefaults.Trust;

/// <summary>Lets a worker serve the routers of its mesh only. Health is told to anyone who asks: probes have no secret.</summary>
internal sealed class CallTokenInterceptor(CallToken tokens, WorkerIdentity worker) : Interceptor
{
    private const string Health = "/grpc.health.v1.Health/";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(requestStream, responseStream, context);
    }

    private void Check(ServerCallContext context)
    {
        if (tokens.IsNeeded
            && !context.Method.StartsWith(Health, StringComparison.Ordinal)
            && !tokens.IsValid(context.RequestHeaders.GetValue(CallToken.Header), worker.Id, context.Method))
        {
            throw new MeshException(
                StatusCode.Unauthenticated,
                ErrorReasons.NotOfThisMesh,
                "This worker serves routers that know its mesh's secret (Mesh:Secret) and no one else.");
        }
    }
}
