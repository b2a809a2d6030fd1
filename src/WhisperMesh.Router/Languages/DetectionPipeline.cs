using WhisperMesh.Router.Relay;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Languages;

/// <summary>The way of every detection that a caller asks for, over whichever API.</summary>
/// <param name="first">Its outermost stage.</param>
internal sealed class DetectionPipeline(ITranscriptionStage first)
{
    /// <exception cref="ServiceDefaults.Errors.MeshException">Nobody could say, or the caller may not ask.</exception>
    public async Task<DetectLanguageResponse> RunAsync(TranscriptionJob job, CancellationToken cancellationToken)
    {
        var answer = new Answer();
        await first.RunAsync(job, answer, cancellationToken);
        return answer.Response;
    }

    private sealed class Answer : IRelaySink<StreamTranscribeResponse>
    {
        public DetectLanguageResponse Response { get; } = new();

        public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
        {
            if (message.Summary is { } summary)
            {
                Response.Languages.Add(summary.LanguageProbabilities);
                Response.SpeechDuration = summary.SpeechDuration;
                (Response.WorkerId, Response.Model) = (summary.WorkerId, summary.Model);
            }

            return ValueTask.CompletedTask;
        }

        public bool TryRestart() => true;
    }
}
