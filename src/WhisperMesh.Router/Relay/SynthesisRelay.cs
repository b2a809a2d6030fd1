using Grpc.Core;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>Relays a synthesis to a worker and its audio back.</summary>
internal sealed class SynthesisRelay(RelayRunner runner)
{
    public Task RunAsync(
        SynthesizeRequest request, DateTime? deadline, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken) =>
        runner.RunAsync(
            new RelayPlan(
                "synthesize",
                request.RequestId,
                RequirementsOf(request),
                (worker, attempt, token) => TryAsync(request, deadline, sink, worker, attempt, token),
                sink.TryRestart),
            cancellationToken);

    private static WorkerRequirements RequirementsOf(SynthesizeRequest request) => new()
    {
        Kind = ModelKind.Synthesis,
        Model = request.Model,
        Voice = request.Voice,
        Features = [WorkerFeatures.Synthesize],
        CompressedAudio = request.AudioFormat?.Encoding
            is AudioEncoding.Mp3 or AudioEncoding.Opus or AudioEncoding.Flac or AudioEncoding.Aac
            ? CompressedAudio.Required
            : CompressedAudio.None,
    };

    private static async Task TryAsync(
        SynthesizeRequest request,
        DateTime? deadline,
        IRelaySink<SynthesizeResponse> sink,
        WorkerHold worker,
        int attempt,
        CancellationToken cancellationToken)
    {
        var addressed = request.Clone();
        addressed.Model = worker.Model;
        addressed.Attempt = attempt;

        using var call = new SynthesisService.SynthesisServiceClient(worker.Channel)
            .Synthesize(addressed, deadline: deadline, cancellationToken: cancellationToken);
        var complete = false;
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            complete |= call.ResponseStream.Current.EventCase == SynthesizeResponse.EventOneofCase.Summary;
            await sink.AcceptAsync(call.ResponseStream.Current, cancellationToken);
        }

        if (!complete)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The worker ended the stream without a summary."));
        }
    }
}
