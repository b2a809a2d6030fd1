using WhisperMesh.Router.Relay;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Languages;

/// <summary>
/// The last stage of a detection that a caller asked for: a transcription without text, so that the stages before it treat both alike.
/// Its audio is the speech that was listened to.
/// </summary>
internal sealed class DetectionRelay(LanguageDetection detection) : ITranscriptionStage
{
    public async Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        var heard = await detection.DetectAsync(job, anyModel: false, cancellationToken);
        var summary = new TranscriptionSummary
        {
            RequestId = job.Origin.RequestId,
            WorkerId = heard.WorkerId,
            Model = heard.Model,
            AudioDuration = heard.SpeechDuration,
            SpeechDuration = heard.SpeechDuration,
            LanguageCode = heard.Languages.Count > 0 ? heard.Languages[0].LanguageCode : "",
            LanguageProbabilities = { heard.Languages },
            Route = new RouteTaken { Name = job.Plan.Name, WorkerId = heard.WorkerId, Model = heard.Model, AttemptCount = 1 },
        };
        await sink.AcceptAsync(new StreamTranscribeResponse { Summary = summary }, cancellationToken);
    }
}
