using Grpc.Core;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Languages;

/// <summary>
/// Finds out the language of a request that names none, where the way it goes depends on it, and plans the way anew. The worker
/// still detects by itself, so that it can follow a speaker to another language; detection here only chooses the worker.
/// </summary>
internal sealed class LanguageStage(
    ITranscriptionStage next,
    LanguageChoice choice,
    LanguageDetection detection,
    IMeshConfigurationSource configuration,
    TimeProvider time,
    IRoutePlanner planner,
    ILogger<LanguageStage> logger) : ITranscriptionStage
{
    public async Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        if (RequestLanguage.Of(job.Requirements).Length > 0 || !choice.Matters(job))
        {
            await next.RunAsync(job, sink, cancellationToken);
            return;
        }

        var finding = await ChooseAsync(job, cancellationToken);
        LanguageLog.Found(logger, job.Origin.RequestId, finding.Language, finding.Reason ?? finding.Note);
        var found = job with { RouteLanguage = finding.Language };
        if (finding.Language.Length > 0)
        {
            found = found with { Plan = planner.Plan(job.Origin, found.Requirements, job.Config.RequestClass) };
        }

        await next.RunAsync(found, new DetectedTranscript(sink, finding), cancellationToken);
    }

    private async Task<LanguageFinding> ChooseAsync(TranscriptionJob job, CancellationToken cancellationToken)
    {
        using var activity = RouterSpans.Start(TelemetryNames.Spans.LanguageChoice);
        var finding = await FindAsync(job, cancellationToken);
        activity?.SetTag(TelemetryNames.Attributes.Language, finding.Language)
            .SetTag(TelemetryNames.Attributes.Probability, finding.Languages is [var best, ..] ? best.Probability : null);
        return finding;
    }

    private async Task<LanguageFinding> FindAsync(TranscriptionJob job, CancellationToken cancellationToken)
    {
        var settings = configuration.Current.Languages;
        using var patience = new CancellationTokenSource(settings.Wait, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return LanguageFinding.Of(await detection.DetectAsync(job, anyModel: true, end.Token), settings.MinProbability);
        }
        catch (MeshException e) when (!end.IsCancellationRequested)
        {
            return LanguageFinding.Failed(e.Message);
        }
        catch (Exception e) when (
            e is OperationCanceledException or RpcException or MeshException
            && patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return LanguageFinding.Failed($"no speech, or no answer, came within {settings.Wait.TotalSeconds:0.#} s.");
        }
    }
}

internal static partial class LanguageLog
{
    [LoggerMessage(340, LogLevel.Debug, "{RequestId}: chosen by the language '{Language}': {Why}")]
    public static partial void Found(ILogger logger, string requestId, string language, string? why);
}
