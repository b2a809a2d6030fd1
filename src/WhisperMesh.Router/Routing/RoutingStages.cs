using WhisperMesh.Router.Relay;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Routing;

/// <summary>Settles by which route a transcription goes, and under which name its model is known.</summary>
internal sealed class TranscriptionRoutingStage(ITranscriptionStage next, IRoutePlanner planner) : ITranscriptionStage
{
    public Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        var plan = planner.Plan(job.Origin, job.Requirements, job.Config.RequestClass);
        job.Origin.Journey?.OnRouted(plan);
        var config = job.Config.Clone();
        config.Model = planner.ResolveModel(config.Model);
        if (config.RequestClass != RequestClass.Unspecified || plan.Class != RequestClass.Interactive)
        {
            config.RequestClass = plan.Class;
        }

        return next.RunAsync(job with { Config = config, Plan = plan }, sink, cancellationToken);
    }
}

/// <summary>The same for a synthesis.</summary>
internal sealed class SynthesisRoutingStage(ISynthesisStage next, IRoutePlanner planner) : ISynthesisStage
{
    public Task RunAsync(SynthesisJob job, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken)
    {
        var plan = planner.Plan(job.Origin, job.Requirements, RequestClass.Unspecified);
        job.Origin.Journey?.OnRouted(plan);
        var request = job.Request.Clone();
        request.Model = planner.ResolveModel(request.Model);
        return next.RunAsync(job with { Request = request, Plan = plan }, sink, cancellationToken);
    }
}
