using WhisperMesh.Audio;

namespace WhisperMesh.Whisper.Live;

/// <summary>
/// Works on one stream: hears its audio chunk by chunk, begins and ends utterances, and lets passes run over the open one, one at a
/// time. Passes by need run beside the hearing; passes by audio stop it until they have ended. One task runs it.
/// </summary>
internal sealed class LiveLoop
{
    private readonly LiveOptions _options;
    private readonly LiveInbox _inbox;
    private readonly LiveEar _ear;
    private readonly UtteranceWork _utterances;
    private readonly CancellationToken _cancellationToken;
    private Task<bool>? _input;

    public LiveLoop(
        WhisperModel model, SileroVad vad, LiveOptions options, LiveInbox inbox, LiveTeller teller, CancellationToken cancellationToken)
    {
        (_options, _inbox, _cancellationToken) = (options, inbox, cancellationToken);
        _ear = new LiveEar(vad, options.Endpointing.Threshold, options.Resume?.Checkpoint.Sample ?? 0);
        _utterances = new UtteranceWork(model, options, _ear, inbox, teller, cancellationToken);
    }

    /// <summary>Works until the audio is over.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            await _utterances.TakePassAsync().ConfigureAwait(false);
            if (_ear.TryHear(out var isVoice))
            {
                await _utterances.HearAsync(isVoice).ConfigureAwait(false);
                continue;
            }
            _inbox.Done();
            if (_inbox.TryTake(out var input))
            {
                if (!await OnAsync(input).ConfigureAwait(false))
                {
                    return;
                }
                continue;
            }
            if (!_options.PassesByAudio)
            {
                await _utterances.StartDuePassAsync().ConfigureAwait(false);
            }
            await WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits until nothing of it is in the batch any more.</summary>
    public Task EndAsync() => _utterances.StopPassAsync();

    private async Task<bool> OnAsync(LiveInput input)
    {
        switch (input.Kind)
        {
            case LiveInputKind.Audio:
                _ear.Append(input.Samples.Span);
                return true;
            case LiveInputKind.Commit:
                await _utterances.EndAsync(EndpointReason.Commit).ConfigureAwait(false);
                return true;
            case LiveInputKind.Clear:
                await _utterances.EndAsync(EndpointReason.Clear).ConfigureAwait(false);
                return true;
            default:
                await _utterances.CompleteAsync().ConfigureAwait(false);
                return false;
        }
    }

    /// <summary>Waits for the next input, or the end of the running pass.</summary>
    private async Task WaitAsync()
    {
        _input ??= _inbox.WaitAsync(_cancellationToken).AsTask();
        if (_utterances.Running is { } running)
        {
            await Task.WhenAny(_input, running).ConfigureAwait(false);
        }
        else
        {
            await _input.ConfigureAwait(false);
        }
        if (_input.IsCompleted)
        {
            var more = await _input.ConfigureAwait(false);
            _input = null;
            if (!more && _utterances.Running is null)
            {
                throw new OperationCanceledException("The stream was given up.");
            }
        }
    }
}
