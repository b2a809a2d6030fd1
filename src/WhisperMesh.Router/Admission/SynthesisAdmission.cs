using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Workers.Load;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Admission;

/// <summary>The stage before the relay: a synthesis waits its turn here, and is measured on its way.</summary>
internal sealed class SynthesisAdmission(ISynthesisStage next, AdmissionQueue queue, CostEstimator costs, TenantWeights weights)
    : ISynthesisStage
{
    private static readonly HashSet<string> Nobody = [];

    public async Task RunAsync(SynthesisJob job, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken)
    {
        using var grant = await AdmitAsync(job, cancellationToken);
        var plan = grant.Request.Plan;
        await next.RunAsync(job with { Plan = plan }, new Metered(sink, plan.Work!, job.Request, costs), cancellationToken);
    }

    private async Task<AdmissionGrant> AdmitAsync(SynthesisJob job, CancellationToken cancellationToken)
    {
        using var admission = new AdmissionSpan();
        try
        {
            var plan = job.Plan with { Work = costs.Of(job.Request) };
            var tenant = job.Origin.Caller.TenantId;
            var request = new AdmissionRequest(tenant, weights.Of(tenant), job.Requirements, plan, Nobody, job.Deadline);
            job.Origin.Journey?.BeginWait();
            var grant = await queue.EnterAsync(request, cancellationToken);
            job.Origin.Journey?.EndWait();
            return admission.Granted(grant);
        }
        catch (Exception exception)
        {
            admission.Refused(exception);
            throw;
        }
    }

    private sealed class Metered(
        IRelaySink<SynthesizeResponse> sink, PredictedWork work, SynthesizeRequest request, CostEstimator costs) : IRelaySink<SynthesizeResponse>
    {
        public ValueTask AcceptAsync(SynthesizeResponse message, CancellationToken cancellationToken)
        {
            if (message.EventCase == SynthesizeResponse.EventOneofCase.Summary && message.Summary.AudioDuration is { } duration)
            {
                work.Exactly(duration.ToTimeSpan().TotalSeconds);
                work.Processed(work.AudioSeconds);
                costs.Learn(request, duration.ToTimeSpan());
            }

            return sink.AcceptAsync(message, cancellationToken);
        }

        public bool TryRestart() => sink.TryRestart();
    }
}
