using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Languages;

/// <summary>Has a worker say what language an upload is in: the least loaded one that can, another when that one fails.</summary>
internal sealed class LanguageDetection(RelayRunner runner)
{
    /// <param name="job">The upload, possibly still growing, and what is known of it.</param>
    /// <param name="anyModel">Whether any worker will do; else one that serves the model that the request names.</param>
    /// <param name="cancellationToken">Ends the detection, not the upload.</param>
    /// <exception cref="ServiceDefaults.Errors.MeshException">Nobody could say.</exception>
    public async Task<DetectLanguageResponse> DetectAsync(TranscriptionJob job, bool anyModel, CancellationToken cancellationToken)
    {
        var config = Question(job.Config, anyModel);
        DetectLanguageResponse? response = null;
        await runner.RunAsync(
            new RelayPlan
            {
                Operation = "detect-language",
                RequestId = job.Origin.RequestId,
                Journey = job.Origin.Journey,
                Purpose = Purposes.Language,
                Requirements = TranscriptionRequirements.Of(config, job.CompressedAudio) with
                {
                    Features = [WorkerFeatures.LanguageDetection],
                    IsLanguageOpen = true,
                },
                // The policy, pools and hedging of the route are for the work itself.
                Route = RoutePlan.Default with { Class = job.Plan.Class, Deadline = job.Plan.Deadline },
                Deadline = job.Deadline,
                TryAsync = async (worker, attempt, token) =>
                {
                    var addressed = config.Clone();
                    addressed.Model = worker.Model;
                    addressed.Attempt = attempt.Number;
                    response = await worker.Connection.DetectLanguageAsync(addressed, job.Audio, job.Deadline, token);
                    return new WorkerOutcome(WorkerOutcomeKind.Served);
                },
                TryRestart = () => true,
            },
            cancellationToken);
        return response!;
    }

    private static TranscriptionConfig Question(TranscriptionConfig config, bool anyModel) => new()
    {
        Model = anyModel ? "" : config.Model,
        LanguageCodes = { config.LanguageCodes },
        AudioFormat = config.AudioFormat,
        RequestId = config.RequestId,
        RequestClass = config.RequestClass,
        VoiceActivity = config.VoiceActivity,
    };
}
