using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Requests;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Grpc;

/// <summary>Synthesis for gRPC clients.</summary>
internal sealed class SynthesisGrpcService(ISynthesisStage pipeline, IOptions<RouterOptions> options) : SynthesisService.SynthesisServiceBase
{
    [Explained(Operations.Speak)]
    public override async Task Synthesize(
        SynthesizeRequest request, IServerStreamWriter<SynthesizeResponse> responseStream, ServerCallContext context)
    {
        request.RequestId = RequestChecks.RequestId(request.RequestId, context.GetHttpContext());
        RequestChecks.Text(request.Text, options.Value.MaxTextLength);
        if (request.HasSpeed)
        {
            RequestChecks.Speed(request.Speed);
        }

        await context.WriteResponseHeadersAsync(new Metadata { { RequestIds.HeaderName, request.RequestId } });
        var client = new SynthesisStream((message, token) => new ValueTask(responseStream.WriteAsync(message, token)));
        var origin = RequestOrigin.Of(context.GetHttpContext(), request.RequestId, context.ClientDeadline());
        origin.Journey?.OnReceived();
        await pipeline.RunAsync(new SynthesisJob { Request = request, Origin = origin }, client, context.CancellationToken);
    }
}
