using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Workers.Load;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Admission;

/// <summary>The stage before the relay: a transcription waits its turn here, and is measured on its way.</summary>
internal sealed class TranscriptionAdmission(ITranscriptionStage next, AdmissionQueue queue, CostEstimator costs, TenantWeights weights)
    : ITranscriptionStage
{
    public async Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        var (grant, measure) = await AdmitAsync(job, cancellationToken);
        using (grant)
        {
            var plan = grant.Request.Plan;
            await next.RunAsync(job with { Plan = plan }, new Metered(sink, plan.Work!, measure), cancellationToken);
        }
    }

    private async Task<(AdmissionGrant Grant, AudioMeasure Measure)> AdmitAsync(TranscriptionJob job, CancellationToken cancellationToken)
    {
        using var admission = new AdmissionSpan();
        try
        {
            var measure = await costs.MeasureAsync(job, cancellationToken);
            var plan = job.Plan with { Work = measure.ToWork() };
            var tenant = job.Origin.Caller.TenantId;
            var request = new AdmissionRequest(tenant, weights.Of(tenant), job.Requirements, plan, job.Excluded, job.Deadline);
            job.Origin.Journey?.BeginWait();
            var grant = await queue.EnterAsync(request, cancellationToken);
            job.Origin.Journey?.EndWait();
            return (admission.Granted(grant), measure);
        }
        catch (Exception exception)
        {
            admission.Refused(exception);
            throw;
        }
    }

    /// <summary>Reads from the events how much audio there is and how much of it is done.</summary>
    private sealed class Metered(IRelaySink<StreamTranscribeResponse> sink, PredictedWork work, AudioMeasure measure)
        : IRelaySink<StreamTranscribeResponse>
    {
        public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
        {
            switch (message.EventCase)
            {
                case StreamTranscribeResponse.EventOneofCase.Progress:
                    work.AtLeast(message.Progress.AudioReceived?.ToTimeSpan().TotalSeconds ?? 0);
                    work.Processed(message.Progress.AudioProcessed?.ToTimeSpan().TotalSeconds ?? 0);
                    break;
                case StreamTranscribeResponse.EventOneofCase.Summary when message.Summary.AudioDuration is { } duration:
                    _ = work.Complete;
                    work.Exactly(duration.ToTimeSpan().TotalSeconds);
                    work.Processed(work.AudioSeconds);
                    measure.Learn(duration.ToTimeSpan());
                    break;
            }

            return sink.AcceptAsync(message, cancellationToken);
        }

        public bool TryRestart()
        {
            work.Processed(0);
            return sink.TryRestart();
        }
    }
}
