using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Live;

/// <summary>
/// Begins and ends utterances. At each end the stream is as one that begins there, so that it can go on from the checkpoint and
/// nothing else. Of the loop's task.
/// </summary>
internal sealed class UtteranceWork
{
    /// <summary>Where a cut is looked for in speech that goes on.</summary>
    private const long CutWithin = 3 * LogMel.SampleRateHz;

    private readonly LiveOptions _options;
    private readonly LiveEar _ear;
    private readonly LiveTeller _teller;
    private readonly WindowWork _windows;
    private readonly UtteranceEnds _ends;
    private readonly EndpointPlan _plan;
    private readonly Tokens.Tokenizer _tokenizer;
    private GivenWords _given;
    private OpenUtterance? _open;
    private long _floor;

    public UtteranceWork(
        WhisperModel model, LiveOptions options, LiveEar ear, LiveInbox inbox, LiveTeller teller, CancellationToken cancellationToken)
    {
        (_options, _ear, _teller, _tokenizer) = (options, ear, teller, model.Tokenizer);
        _windows = new WindowWork(model, options, ear, inbox, teller, cancellationToken);
        _ends = new UtteranceEnds(options, model.Control.FirstTimestamp);
        _plan = EndpointPlan.Of(options.Endpointing);
        _given = new GivenWords(options.Resume?.Words ?? [], _tokenizer);
        _floor = ear.Position;
        _teller.Commit(_given.End);
    }

    /// <summary>Ends with the running pass; null when none runs.</summary>
    public Task? Running => _windows.Running;

    public Task TakePassAsync() => _open is null ? Task.CompletedTask : _windows.TakeEndedAsync(_open);

    public Task StartDuePassAsync() => _open is null ? Task.CompletedTask : _windows.StartDueAsync(_open);

    public async Task StopPassAsync()
    {
        await _windows.StopAsync().ConfigureAwait(false);
        _windows.Passes.Trace?.Complete();
    }

    /// <summary>Takes in a chunk that was heard.</summary>
    public async Task HearAsync(bool isVoice)
    {
        if (_ear.Gate.IsOpen && _open?.Window is null)
        {
            await BeginAsync().ConfigureAwait(false);
        }
        else if (_open?.Window is not null)
        {
            _open.Add(isVoice, _ear.Position);
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
        if (_teller.IsOverdue(_ear.Position))
        {
            await _teller.TellAsync(_windows.Load).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the utterance, or the silence, here.</summary>
    public async Task EndAsync(EndpointReason reason)
    {
        _ear.HearRest();
        // What has not become certain is taken for speech where the caller says that somebody spoke.
        if (_open is null && _ear.Gate.Start is not null && reason != EndpointReason.Clear)
        {
            await BeginAsync().ConfigureAwait(false);
        }
        var utterance = _open ?? new OpenUtterance(_ends.Count, _ear.Position, _given);
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
        await _teller.TellAsync(_ends.Complete(_windows.Passes, _windows.Language)).ConfigureAwait(false);
    }

    private async Task BeginAsync()
    {
        var (isNew, start) = (_open is null, _ear.Gate.Start!.Value);
        _open ??= new OpenUtterance(_ends.Count, start, _given);
        _open.Begin(new OpenWindow(Math.Max(_floor, start - _plan.Prefix), _windows.NewClock()), start, _ear.Position);
        // Words that were told before say that it had begun.
        if (isNew)
        {
            _windows.Passes.Trace?.Begin(_open.Index);
        }
        if (isNew && _given.Words.Count == 0)
        {
            await _teller.TellAsync(new SpeechBegan(_open.Index, LiveTime.Of(start))).ConfigureAwait(false);
        }
    }

    private async Task InSpeechAsync(OpenUtterance utterance, OpenWindow window)
    {
        if (_ear.Silence >= _plan.Settle)
        {
            if (_plan.EndsAfter(_ear.Silence))
            {
                await TellPauseAsync(utterance).ConfigureAwait(false);
            }
            await _windows.SettleAsync(utterance, _ear.Position).ConfigureAwait(false);
            Rest(_plan.Place(utterance.VoiceEnd, _ear.Position));
            await EndAfterPauseAsync(utterance).ConfigureAwait(false);
        }
        else if (utterance.Length >= _plan.Longest)
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
        _ear.Forget(Math.Min(_ear.Gate.Start ?? _ear.Position, _ear.Position) - _plan.Prefix - _plan.Settle);
    }

    private async Task EndAfterPauseAsync(OpenUtterance utterance)
    {
        if (_plan.EndsAfter(_ear.Position - utterance.VoiceEnd))
        {
            await TellPauseAsync(utterance).ConfigureAwait(false);
            await FinishAsync(utterance, EndpointReason.Pause, _plan.Place(utterance.VoiceEnd, _ear.Position)).ConfigureAwait(false);
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
        _windows.Passes.Trace?.End(reason);
        _ear.Begin(place);
        Rest(place);
        _teller.Commit(place);
        await _teller.TellAsync(ended).ConfigureAwait(false);
    }
}
