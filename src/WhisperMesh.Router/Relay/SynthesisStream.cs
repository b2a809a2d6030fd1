using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>
/// Sends the events of a synthesis on. `started` is kept back until the first audio, so that what names the worker and the format is
/// still right when another worker has to take over.
/// </summary>
internal sealed class SynthesisStream(Func<SynthesizeResponse, CancellationToken, ValueTask> send) : IRelaySink<SynthesizeResponse>
{
    private SynthesizeResponse? _started;
    private bool _sent;

    public async ValueTask AcceptAsync(SynthesizeResponse message, CancellationToken cancellationToken)
    {
        if (message.EventCase == SynthesizeResponse.EventOneofCase.Started)
        {
            _started = message;
            return;
        }

        _sent = true;
        if (_started is { } started)
        {
            _started = null;
            await send(started, cancellationToken);
        }

        await send(message, cancellationToken);
    }

    public bool TryRestart() => !_sent;
}
