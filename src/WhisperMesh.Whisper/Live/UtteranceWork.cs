using WhisperMesh.Audio;
using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Live;

/// <summary>
/// Begins and ends utterances. At each end the stream is as one that begins there, so that it can go on from the checkpoint and
/// nothing else. Of the loop's task.
/// </summary>
internal sealed class UtteranceWork
{
    /// <summary>Silence after which all words are committed, even if the utterance may go on.</summary>
    private static readonly TimeSpan LongestUnsettled = TimeSpan.FromSeconds(0.8);

    /// <summary>Where a cut is looked for in speech that goes on.</summary>
    private const long CutWithin = 3 * LogMel.SampleRateHz;

    private readonly LiveOptions _options;
    private readonly LiveEar _ear;
    private readonly LiveTeller _teller;
    private readonly WindowWork _windows;
    private readonly UtteranceEnds _ends;
    private readonly long _settle;
    private readonly long _pause;
    private readonly long _prefix;
    private readonly long _longest;
    private readonly Tokens.Tokenizer _tokenizer;
    private GivenWords _given;
    private OpenUtterance? _open;
    private long _floor;

    public UtteranceWork(
        WhisperModel model, LiveOptions options, LiveEar ear, LiveInbox inbox, LiveTeller teller, CancellationToken cancellationToken)
    {
        (_options, _ear, _teller) = (options, ear, teller);
        _tokenizer = model.Tokenizer;
        _windows = new WindowWork(model, options, ear, inbox, teller, cancellationToken);
        _ends = new UtteranceEnds(options, model.Control.FirstTimestamp);
        var endpointing = options.Endpointing;
        (_pause, _prefix) = (LiveTime.Samples(endpointing.Pause), LiveTime.Samples(endpointing.Prefix));
        _longest = LiveTime.Samples(endpointing.MaximumUtterance);
        _settle = Math.Min(LiveTime.Samples(LongestUnsettled), endpointing.Manual ? long.MaxValue : _pause);
        _given = new GivenWords(options.Resume?.Words ?? [], _tokenizer);
        _floor = ear.Position;
        _teller.Commit(_given.End);
    }

    /// <summary>Ends with the running pass; null when none runs.</summary>
    public Task? Running => _windows.Running;

    public Task TakePassAsync() => _open is null ? Task.CompletedTask : _windows.TakeEndedAsync(_open);

    public Task StartDuePassAsync() => _open is null ? Task.CompletedTask : _windows.StartDueAsync(_open);

    public Task StopPassAsync() => _windows.StopAsync();

    /// <summary>Takes in a chunk that was heard.</summary>
    public async Task HearAsync(bool isVoice)
    {
        if (_ear.Gate.IsOpen && _open?.Window is null)
        {
            await BeginAsync().ConfigureAwait(false);
        }
        else
        {
            _open?.Add(isVoice, _ear.Position);
        }
        if (_open?.Window is { } window)
        {
            window.Add(isVoice, _ear.Silence, _ear.Position);
            await InSpeechAsync(_open, window).ConfigureAwait(false);
        }
        else
        {
            await InSilenceAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends the utterance, or the silence, here.</summary>
    public async Task EndAsync(EndpointReason reason)
    {
        _ear.HearRest();
        // What has not become certain is taken for speech where the caller says that somebody spoke.
        var utterance = _open ?? new OpenUtterance(_ends.Count, _ear.Gate.Start ?? _ear.Position, _given);
        if (_open is null && _ear.Gate.Start is not null && reason != EndpointReason.Clear)
        {
            Open(utterance);
        }
        if (utterance.Window is not null)
        {
            await (reason == EndpointReason.Clear
                ? _windows.DropAsync(utterance)
                : _windows.SettleAsync(utterance, _ear.Position)).ConfigureAwait(false);
        }
        await FinishAsync(utterance, reason, _ear.Position).ConfigureAwait(false);
    }

    /// <summary>The audio is over.</summary>
    public async Task CompleteAsync()
    {
        if (_open is not null || _ear.Gate.Start is not null || _given.Words.Count > 0)
        {
            await EndAsync(EndpointReason.EndOfAudio).ConfigureAwait(false);
        }
        _teller.Commit(_ear.End);
        await _teller.TellAsync(new LiveCompleted(
            LiveTime.Of(_ends.Speech), _ends.WithText, _windows.Passes.Count, _windows.Passes.Decoding, _windows.Language.First,
            _windows.Passes.Warnings)).ConfigureAwait(false);
    }

    private async Task BeginAsync()
    {
        var isNew = _open is null;
        var utterance = _open ?? new OpenUtterance(_ends.Count, _ear.Gate.Start!.Value, _given);
        Open(utterance);
        // Words that were told before say that it had begun.
        if (isNew && _given.Words.Count == 0)
        {
            await _teller.TellAsync(new SpeechBegan(utterance.Index, LiveTime.Of(utterance.Start))).ConfigureAwait(false);
        }
    }

    private void Open(OpenUtterance utterance)
    {
        var start = _ear.Gate.Start!.Value;
        _open = utterance;
        utterance.Window = new OpenWindow(Math.Max(Math.Max(_floor, _ear.Kept), start - _prefix), _windows.NewClock());
        for (var place = start + SileroVad.ChunkLength; place <= _ear.Position; place += SileroVad.ChunkLength)
        {
            utterance.Add(isVoice: true, place);
        }
    }

    private async Task InSpeechAsync(OpenUtterance utterance, OpenWindow window)
    {
        if (_ear.Silence >= _settle)
        {
            if (!_options.Endpointing.Manual && _ear.Silence >= _pause)
            {
                await TellPauseAsync(utterance).ConfigureAwait(false);
            }
            await _windows.SettleAsync(utterance, _ear.Position).ConfigureAwait(false);
            Rest(Place());
            await EndAfterPauseAsync(utterance).ConfigureAwait(false);
        }
        else if (utterance.Length >= _longest)
        {
            await CutAsync(utterance, window).ConfigureAwait(false);
        }
        else
        {
            if (_options.PassesByAudio && window.DueAt is not null)
            {
                await _windows.HearAsync(utterance).ConfigureAwait(false);
            }
            await _windows.ShortenAsync(utterance).ConfigureAwait(false);
            _ear.Forget(window.Start);
        }
    }

    private async Task InSilenceAsync()
    {
        if (_ear.Gate.Start is null)
        {
            _teller.Commit(_ear.Position);
            if (_open is { } utterance)
            {
                await EndAfterPauseAsync(utterance).ConfigureAwait(false);
            }
        }
        _ear.Forget(Math.Min(_ear.Gate.Start ?? _ear.Position, _ear.Position) - _prefix - _settle);
        if (_teller.IsOverdue(_ear.Position))
        {
            await _teller.TellAsync(_windows.Load).ConfigureAwait(false);
        }
    }

    private async Task EndAfterPauseAsync(OpenUtterance utterance)
    {
        if (!_options.Endpointing.Manual && _ear.Position - utterance.VoiceEnd >= _pause)
        {
            await TellPauseAsync(utterance).ConfigureAwait(false);
            await FinishAsync(utterance, EndpointReason.Pause, Place()).ConfigureAwait(false);
        }
    }

    private async Task TellPauseAsync(OpenUtterance utterance)
    {
        if (!utterance.IsPauseTold)
        {
            utterance.IsPauseTold = true;
            await _teller.TellAsync(new SpeechPaused(utterance.Index, LiveTime.Of(utterance.VoiceEnd))).ConfigureAwait(false);
        }
    }

    /// <summary>Speech goes on for too long: the utterance ends at the quietest place of late, and the rest is the next one's.</summary>
    private async Task CutAsync(OpenUtterance utterance, OpenWindow window)
    {
        await _windows.StopAsync().ConfigureAwait(false);
        var from = Math.Max(Math.Max(_ear.Position - CutWithin, window.Start), utterance.Agreement.CommittedEnd);
        var cut = from + QuietPlace.Find(_ear.Sound(from, _ear.Position));
        await _windows.SettleAsync(utterance, cut).ConfigureAwait(false);
        await FinishAsync(utterance, EndpointReason.MaximumDuration, cut).ConfigureAwait(false);
    }

    /// <summary>A place in the silence: what comes before the next speech is still to be heard, what was said is not.</summary>
    private long Place()
    {
        var silence = _ear.Position - Math.Max(_open!.VoiceEnd, _floor);
        return _ear.Position - Math.Min(_prefix, silence / 2);
    }

    /// <summary>Speech may begin anew, after this place.</summary>
    private void Rest(long place)
    {
        _floor = place;
        _ear.Gate.Reset();
    }

    private async Task FinishAsync(OpenUtterance utterance, EndpointReason reason, long place)
    {
        var ended = _ends.Make(utterance, reason, place, _windows.Language);
        _windows.Context = ended.Checkpoint.Context;
        _windows.Language.BeginUtterance();
        (_open, _given) = (null, new GivenWords([], _tokenizer));
        _ear.Begin(place);
        Rest(place);
        _teller.Commit(place);
        await _teller.TellAsync(ended).ConfigureAwait(false);
    }
}
