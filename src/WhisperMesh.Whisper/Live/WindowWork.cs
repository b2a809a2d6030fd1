using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Live;

/// <summary>Lets passes run over the open window and commits what they agree on. Of the loop's task.</summary>
internal sealed class WindowWork(
    WhisperModel model, LiveOptions options, LiveEar ear, LiveInbox inbox, LiveTeller teller, CancellationToken cancellationToken)
{
    /// <summary>Above this a window is trimmed where it can be: up to here passes take about the same time.</summary>
    private const long TrimAbove = 8 * LogMel.SampleRateHz;

    /// <summary>Above this what is old is committed, agreed or not.</summary>
    private const long Longest = 15 * LogMel.SampleRateHz;

    /// <summary>What is not old then.</summary>
    private const long Young = 3 * LogMel.SampleRateHz;

    private readonly LatencyPlan _plan = LatencyPlan.Of(options.Latency);
    private readonly LivePasses _passes = new(model, options.ForStream());
    private readonly LoadWatch _load = new(LatencyPlan.Of(options.Latency).Interval);
    private PassSlot? _slot;

    private PassSlot Slot => _slot ??= new PassSlot(_passes, cancellationToken);

    public LivePasses Passes => _passes;

    public LiveLanguage Language { get; } = new(options.Request, options.Resume?.Checkpoint);

    /// <summary>Text that the open utterance follows on: that of one cut off by its length, else none.</summary>
    public string Context { get; set; } = options.Resume?.Checkpoint.Context ?? "";

    /// <summary>Ends with the running pass; null when none runs.</summary>
    public Task? Running => Slot.Running;

    public LoadChanged Load => new(_load.IsBusy, LiveTime.Of(_load.Interval));

    private bool IsIdle => model.Scheduler is { ActiveRows: 0, QueuedAudio.Ticks: 0 };

    public PassClock NewClock() => new(_plan);

    /// <summary>Begins the pass that is due, or soon where the model has nothing else to do.</summary>
    public async Task StartDueAsync(OpenUtterance utterance)
    {
        if (utterance.Window is not { } window || Running is not null || window.DueAt is null && !(window.Clock.IsSoon && IsIdle))
        {
            return;
        }
        if (_load.Add(window.DueAt is { } due ? Math.Max(0, inbox.Received - due) : 0))
        {
            await teller.TellAsync(Load).ConfigureAwait(false);
        }
        Start(utterance, ear.Position, isLast: false);
    }

    /// <summary>Makes a pass and waits for it.</summary>
    public async Task HearAsync(OpenUtterance utterance)
    {
        Start(utterance, ear.Position, isLast: false);
        await TakeAsync(utterance).ConfigureAwait(false);
    }

    /// <summary>Takes in the running pass, if it has ended.</summary>
    public async Task TakeEndedAsync(OpenUtterance utterance)
    {
        if (Running is { IsCompleted: true })
        {
            await TakeAsync(utterance).ConfigureAwait(false);
        }
    }

    /// <summary>Bounds a window in which little was agreed on.</summary>
    public async Task ShortenAsync(OpenUtterance utterance)
    {
        var window = utterance.Window!;
        if (ear.Position - window.Start < Longest)
        {
            return;
        }
        if (Running is null)
        {
            Start(utterance, ear.Position, isLast: false);
        }
        await TakeAsync(utterance, isNeeded: true).ConfigureAwait(false);
        await TellAsync(utterance, utterance.Agreement.CommitBefore(ear.Position - Young)).ConfigureAwait(false);
        if (ear.Position - window.Start >= Longest)
        {
            var agreement = utterance.Agreement;
            var next = agreement.Pending.Count > 0 ? agreement.Pending[0].Start : ear.Position - Young;
            Trim(utterance, WindowTrim.Find(agreement.InWindow, next, ear.Position - Longest / 2) ?? ear.Position - Young);
        }
    }

    /// <summary>Commits all that was said up to a place, and closes the window.</summary>
    public async Task SettleAsync(OpenUtterance utterance, long end)
    {
        var window = utterance.Window!;
        var voiceEnd = Math.Min(utterance.VoiceEnd, end);
        if (Running is not null)
        {
            if (Slot.End <= end && OpenWindow.Covers(Slot.End, voiceEnd))
            {
                await TakeAsync(utterance).ConfigureAwait(false);
            }
            await Slot.StopAsync().ConfigureAwait(false);
        }
        if (!window.IsHeard(voiceEnd, end) && end > window.Start)
        {
            Start(utterance, end, isLast: true);
            await TakeAsync(utterance, isNeeded: true).ConfigureAwait(false);
        }
        if (utterance.LastPass is { } last && Language.EndUtterance(last) && !utterance.Words.Any() && end > window.Start)
        {
            Context = "";
            Start(utterance, end, isLast: true);
            await TakeAsync(utterance, isNeeded: true).ConfigureAwait(false);
        }
        await TellAsync(utterance, utterance.Agreement.CommitAll()).ConfigureAwait(false);
        Language.BeginUtterance();
        utterance.Close();
    }

    /// <summary>Gives up what is not committed, and closes the window.</summary>
    public async Task DropAsync(OpenUtterance utterance)
    {
        await Slot.StopAsync().ConfigureAwait(false);
        utterance.Close();
    }

    public Task StopAsync() => Slot.StopAsync();

    private void Start(OpenUtterance utterance, long end, bool isLast)
    {
        var window = utterance.Window!;
        window.PassStarted();
        Slot.Start(new PassWindow(
            window.Start, ear.Sound(window.Start, end), utterance.VoiceBetween(window.Start, end), Language.Current,
            LiveContext.EndOf(Context + utterance.Before), [.. utterance.Agreement.InWindow])
        {
            IsLast = isLast,
            IsYoung = !isLast && ear.Silence == 0,
        });
    }

    /// <param name="utterance">Whose pass it is.</param>
    /// <param name="isNeeded">Whether what it heard is committed, agreed on or not.</param>
    private async Task TakeAsync(OpenUtterance utterance, bool isNeeded = false)
    {
        var pass = await Slot.TakeAsync().ConfigureAwait(false);
        utterance.LastPass = pass;
        utterance.Window!.Hear(pass);
        var isSuspect = Language.Suspects(pass);
        if (Language.Hear(pass))
        {
            // Text in the old language would lead the model back to it.
            Context = "";
        }
        if (!pass.IsDoubtful || isNeeded)
        {
            // In a language that is a guess, or not what is heard, nothing is settled, nor by a pass that should be tried again.
            var safeEnd = Language.Current is null || isSuspect || pass.IsDoubtful ? 0 : pass.End - _plan.Safe;
            await TellAsync(utterance, utterance.Agreement.Hear(pass.Words, safeEnd)).ConfigureAwait(false);
        }
        // Else it is no witness: of the beginning of a phrase a model likes to make a loop, and the next pass half of one.
        var agreement = utterance.Agreement;
        if (ear.Position - utterance.Window.Start > TrimAbove && agreement.InWindow.Count > 0)
        {
            var next = agreement.Pending.Count > 0 ? agreement.Pending[0].Start : agreement.CommittedEnd;
            if (WindowTrim.Find(agreement.InWindow, next) is { } place)
            {
                Trim(utterance, place);
            }
        }
    }

    private static void Trim(OpenUtterance utterance, long place)
    {
        utterance.Leave(place);
        utterance.Window!.Trim(place);
    }

    private async Task TellAsync(OpenUtterance utterance, IReadOnlyList<HeardWord> committed)
    {
        var words = utterance.Commit(committed);
        var tentative = utterance.Open();
        if (words.Count == 0 && tentative == utterance.Tentative)
        {
            return;
        }
        utterance.Tentative = tentative;
        if (words.Count > 0)
        {
            teller.Commit(words[^1].End);
        }
        await teller.TellAsync(new WordsHeard(
            utterance.Index, [.. words.Select(word => word.OnStream())], tentative, tentative.Length == 0 ? 0 : utterance.Agreement.Stability,
            Language.Current ?? utterance.LastPass!.Language)
        {
            Heard = LiveTime.Of(utterance.LastPass?.End ?? 0),
        }).ConfigureAwait(false);
    }
}
