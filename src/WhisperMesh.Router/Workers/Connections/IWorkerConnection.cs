using Grpc.Core;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Spool;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Workers.Connections;

/// <summary>
/// The way to one worker, whatever it speaks. Failures are <see cref="RpcException"/>s with google.rpc details, as
/// <see cref="RelayFailures"/> reads them; what fails on the client's side is thrown as it is.
/// </summary>
internal interface IWorkerConnection : IDisposable
{
    /// <summary>Sends config and audio and passes events on until the summary.</summary>
    Task TranscribeAsync(
        TranscriptionConfig config,
        SpoolFile audio,
        DateTime? deadline,
        IRelaySink<StreamTranscribeResponse> sink,
        CancellationToken cancellationToken);

    /// <summary>Sends config and audio until the worker knows the language, which may be long before the audio's end.</summary>
    Task<DetectLanguageResponse> DetectLanguageAsync(
        TranscriptionConfig config, SpoolFile audio, DateTime? deadline, CancellationToken cancellationToken) =>
        throw new RpcException(new Status(StatusCode.Unimplemented, "This worker detects no languages."));

    /// <summary>Opens a live stream, of which the caller sends and reads both halves; nothing is sent yet.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    ILiveCall OpenLive(CancellationToken cancellationToken) =>
        throw new RpcException(new Status(StatusCode.Unimplemented, "This worker transcribes no live streams."));

    /// <summary>Sends the text and passes events on until the summary.</summary>
    Task SynthesizeAsync(
        SynthesizeRequest request, DateTime? deadline, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken);

    /// <summary>Asks whether it would serve; throws when it would not.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);
}
