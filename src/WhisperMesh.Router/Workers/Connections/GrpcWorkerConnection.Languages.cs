using WhisperMesh.Router.Spool;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Workers.Connections;

internal sealed partial class GrpcWorkerConnection
{
    public async Task<DetectLanguageResponse> DetectLanguageAsync(
        TranscriptionConfig config, SpoolFile audio, DateTime? deadline, CancellationToken cancellationToken)
    {
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = _transcription.DetectLanguage(deadline: deadline, cancellationToken: abort.Token);
        var upload = UploadAsync(call.RequestStream, config, audio, abort);
        var reply = call.ResponseAsync;
        await ((Task)reply).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The answer may come in the middle of the upload, and of audio that is still to come.
        await abort.CancelAsync();

        // When the client's half failed it took the call down with it, and is the cause to report.
        await upload;
        return await reply;
    }
}
