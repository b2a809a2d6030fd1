using Grpc.Core;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

public sealed partial class WhisperMeshClient
{
    /// <summary>
    /// Says which language is spoken at the start of a stream of audio. Two to three seconds of speech are enough: the answer comes as
    /// soon as they were heard, and no more is read.
    /// </summary>
    /// <param name="audio">A file or samples, as <paramref name="config"/> says; not disposed.</param>
    /// <param name="config">Model, languages to choose from and format of the audio; null takes the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="WhisperMeshException">The mesh refused the audio or failed on it.</exception>
    public async Task<DetectLanguageResponse> DetectLanguageAsync(
        Stream audio, TranscriptionConfig? config = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        using var activity = ClientTelemetry.Start(TelemetryNames.Spans.ClientDetectLanguage);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = _transcription.DetectLanguage(cancellationToken: ending.Token);
        var upload = Task.Run(
            () => UploadAsync(call.RequestStream, audio, config ?? new TranscriptionConfig(), ending), CancellationToken.None);
        try
        {
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ending.IsCancellationRequested)
            {
                // The source failed, and took the call down with it.
                await upload.ConfigureAwait(false);
            }

            throw Translate(exception, activity, cancellationToken);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await upload.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
