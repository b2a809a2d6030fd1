using System.Security.Cryptography;
using System.Threading.Channels;
using WhisperMesh.Router.Captions.Shaping;
using WhisperMesh.Router.Captions.Sharing;
using WhisperMesh.Router.Live;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Captions.Channels;

/// <summary>Makes captions of one session, on a turn of its own: the session only leaves its events here.</summary>
internal sealed class CaptionRun
{
    private const int RunIdBytes = 4;

    // Without a bound, since nothing of it may be lost and the session must not wait; it fills only while the store is asked, once.
    private readonly Channel<Step> _inbox = Channel.CreateUnbounded<Step>(new UnboundedChannelOptions { SingleReader = true });
    private readonly LiveSessionInfo _first;
    private readonly CaptionBoard _board;
    private readonly ILogger _logger;
    private readonly CaptionShaper _shaper;
    private readonly SpokenWords _words;
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CaptionChannel? _channel;
    private string _run = "";
    private LiveSessionInfo _session;
    private LiveProgress _progress = new();
    private string _language = "";
    private string _tentative = "";
    private float _stability;

    public CaptionRun(LiveSessionInfo session, CaptionBoard board, CaptionOptions options, ILogger logger)
    {
        (_first, _session, _board, _logger) = (session, session, board, logger);
        _shaper = new CaptionShaper(options);
        _words = new SpokenWords();
        Done = RunAsync();
    }

    public ChannelKey Key => new(_first.TenantId, _first.CaptionName);

    public string SessionId => _first.Id;

    /// <summary>Over once viewers find the channel, or when there will be none.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Over when the last event is worked off.</summary>
    public Task Done { get; }

    /// <summary>What another router needs to go on with this session; null before the first event.</summary>
    public StoredProducer? Standing { get; private set; }

    /// <summary>Whether the channel is this session's.</summary>
    public bool IsCurrent => _channel is { } channel && ReferenceEquals(channel.Producer, this);

    public void Post(LiveSessionInfo session, StreamLiveResponse message) => _inbox.Writer.TryWrite(new Step(session, message));

    /// <summary>Nothing has come for a while: viewers are told how things stand.</summary>
    public void Remind() => _inbox.Writer.TryWrite(new Step(null, null));

    public void End(LiveSessionInfo session)
    {
        _board.OnEnding(this);
        _inbox.Writer.TryWrite(new Step(session, null));
        _inbox.Writer.TryComplete();
    }

    private StoredProducer Describe(CaptionChannel channel) => new()
    {
        Run = _run,
        Session = SessionId,
        View = channel.ViewToken,
        StartedAt = channel.Log.StartedAt,
        State = channel.Log.State,
        Language = _language,
        Received = channel.Log.Received.TotalSeconds,
        Settled = _shaper.Settled.TotalSeconds,
        LastEnd = _shaper.LastEnd?.TotalSeconds,
        LastWordEnd = _shaper.LastWordEnd.TotalSeconds,
        BeginsUtterance = _shaper.BeginsUtterance,
        Open = [.. _shaper.OpenWords.Select(StoredWord.Of)],
    };

    private async Task RunAsync()
    {
        await Task.Yield();
        try
        {
            (_channel, var stored) = await _board.OpenAsync(this, _first);
            if (_channel is null)
            {
                CaptionLogging.NameTaken(_logger, _first.CaptionName, SessionId);
                return;
            }

            Begin(_channel, stored);
            _begun.TrySetResult();
            await foreach (var step in _inbox.Reader.ReadAllAsync())
            {
                Take(step);
            }

            Finish();
        }
        catch (Exception e)
        {
            // The session itself goes on; its captions are over.
            CaptionLogging.Failed(_logger, e, _first.CaptionName, SessionId);
        }
        finally
        {
            _begun.TrySetResult();
            _inbox.Writer.TryComplete();
            _board.Close(this);
        }
    }

    private void Begin(CaptionChannel channel, StoredProducer? stored)
    {
        if (stored is null)
        {
            _run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RunIdBytes));
            Publish(new CaptionEvent { Type = CaptionEventTypes.Started, Run = _run, StartedAt = _first.StartTime });
            CaptionLogging.Published(_logger, _first.CaptionName, SessionId);
            return;
        }

        _run = stored.Run;
        _language = stored.Language;
        var log = channel.Log;
        _shaper.Restore(
            log.Captions.Count > 0 ? log.Captions[^1] : null,
            stored.Open.Select(word => word.ToWord()),
            TimeSpan.FromSeconds(stored.Settled),
            TimeSpan.FromSeconds(stored.LastWordEnd),
            stored.BeginsUtterance);
        _words.GoOnFrom(TimeSpan.FromSeconds(stored.LastWordEnd));
        CaptionLogging.TakenOver(_logger, _first.CaptionName, SessionId);
    }

    private void Take(Step step)
    {
        _session = step.Session ?? _session;
        if (step.Message is not { } message)
        {
            Publish(Status(null));
            return;
        }

        _progress = message.Progress ?? _progress;
        switch (message.EventCase)
        {
            case StreamLiveResponse.EventOneofCase.Update:
                _language = message.Update.LanguageCode is { Length: > 0 } language ? language : _language;
                (_tentative, _stability) = (message.Update.TentativeText, message.Update.Stability);
                Add(_words.Of(message.Update));
                break;
            case StreamLiveResponse.EventOneofCase.Final:
                _tentative = "";
                Add(_words.Of(message.Final));
                Publish(_shaper.EndUtterance());
                break;
        }

        Publish(_shaper.Advance(_progress.AudioCommitted?.ToTimeSpan() ?? TimeSpan.Zero));
        Publish(message.EventCase == StreamLiveResponse.EventOneofCase.Status ? Status(message.Status) : Tentative());
    }

    private void Add(IEnumerable<SpokenWord> words)
    {
        foreach (var word in words)
        {
            foreach (var caption in _shaper.Add(word))
            {
                Publish(caption);
            }
        }
    }

    private void Finish()
    {
        Publish(_shaper.EndUtterance());
        Publish(Progress(new CaptionEvent { Type = CaptionEventTypes.Ended, Run = _run, Id = _shaper.Last?.Id ?? 0 }));
    }

    private CaptionEvent Tentative() => Progress(new CaptionEvent
    {
        Type = CaptionEventTypes.Tentative,
        Run = _run,
        Text = string.Concat(_shaper.OpenWords.Select(word => word.Text)).TrimStart(),
        Lines = _shaper.OpenLines,
        Tentative = _tentative,
        Stability = _tentative.Length > 0 ? _stability : null,
        Language = _language.Length > 0 ? _language : null,
    });

    private CaptionEvent Status(LiveStatus? status) => Progress(new CaptionEvent
    {
        Type = CaptionEventTypes.Status,
        Run = _run,
        State = status is not null && _session.Connected ? CaptionStates.Live : CaptionStates.Paused,
        Busy = status?.Load == LiveLoad.Busy ? true : null,
        Message = status?.Message is { Length: > 0 } message ? message : null,
    });

    private CaptionEvent Progress(CaptionEvent change)
    {
        var received = _progress.AudioReceived?.ToTimeSpan() ?? TimeSpan.Zero;
        var committed = _progress.AudioCommitted?.ToTimeSpan() ?? TimeSpan.Zero;
        return change with
        {
            Received = received.TotalSeconds,
            Lag = Math.Round(Math.Max(0, (received - committed).TotalSeconds), 3),
            Settled = _shaper.Settled.TotalSeconds,
            LastId = _shaper.Last?.Id ?? 0,
            LastEnd = _shaper.LastEnd?.TotalSeconds,
        };
    }

    private void Publish(Caption? caption)
    {
        if (caption is not null)
        {
            Publish(CaptionEvent.Of(_run, caption));
        }
    }

    private void Publish(CaptionEvent change)
    {
        if (_channel is { } channel && IsCurrent)
        {
            var message = channel.Publish(change);
            Standing = Describe(channel);
            _board.Share(channel, change, message, Standing);
        }
    }

    /// <param name="Session">How the session is; null: unchanged.</param>
    /// <param name="Message">What happened; null: nothing did.</param>
    private readonly record struct Step(LiveSessionInfo? Session, StreamLiveResponse? Message);
}
