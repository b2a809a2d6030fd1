using Grpc.Core;
using Grpc.Health.V1;
using WhisperMesh.Requests.V1;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Tests.FakeMesh;

internal sealed class FakeTranscription(FakeMeshScript script) : TranscriptionService.TranscriptionServiceBase
{
    public override Task StreamTranscribe(
        IAsyncStreamReader<StreamTranscribeRequest> requestStream,
        IServerStreamWriter<StreamTranscribeResponse> responseStream,
        ServerCallContext context)
    {
        script.TraceParents.Enqueue(context.RequestHeaders.GetValue("traceparent"));
        return script.Transcribe(requestStream, responseStream, context);
    }

    public override Task<DetectLanguageResponse> DetectLanguage(
        IAsyncStreamReader<StreamTranscribeRequest> requestStream, ServerCallContext context) => script.Detect(requestStream, context);
}

internal sealed class FakeSynthesis(FakeMeshScript script) : SynthesisService.SynthesisServiceBase
{
    public override Task Synthesize(
        SynthesizeRequest request,
        IServerStreamWriter<SynthesizeResponse> responseStream,
        ServerCallContext context) => script.Synthesize(request, responseStream, context);
}

internal sealed class FakeLive(FakeMeshScript script) : LiveTranscriptionService.LiveTranscriptionServiceBase
{
    public override Task StreamLive(
        IAsyncStreamReader<StreamLiveRequest> requestStream,
        IServerStreamWriter<StreamLiveResponse> responseStream,
        ServerCallContext context) => script.Live(requestStream, responseStream, context);
}

internal sealed class FakeRequests(FakeMeshScript script) : RequestService.RequestServiceBase
{
    public override Task<GetRequestResponse> GetRequest(GetRequestRequest request, ServerCallContext context) =>
        script.Records.Find(record => record.Line.RequestId == request.RequestId) is { } record
            ? Task.FromResult(new GetRequestResponse { Request = record })
            : throw new RpcException(
                new Status(StatusCode.NotFound, $"There is no record of the request '{request.RequestId}'."), new Metadata { { "x-request-id", "asked" } });

    public override Task<ListRequestsResponse> ListRequests(ListRequestsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListRequestsResponse { Requests = { script.Records.Select(record => record.Line).Take(request.PageSize) } });
}

internal sealed class FakeModels(FakeMeshScript script) : ModelService.ModelServiceBase
{
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListModelsResponse { Models = { script.Models } });
}

internal sealed class FakeHealth(FakeMeshScript script) : Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Task.FromResult(new HealthCheckResponse
        {
            Status = script.Serving
                ? HealthCheckResponse.Types.ServingStatus.Serving
                : HealthCheckResponse.Types.ServingStatus.NotServing,
        });
}
