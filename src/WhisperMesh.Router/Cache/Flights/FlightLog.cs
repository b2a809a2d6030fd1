using System.Runtime.ExceptionServices;
using WhisperMesh.Router.Relay;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache.Flights;

/// <summary>
/// The events of one transcription, for any number of readers who each begin at the start and follow at their own pace. Of progress
/// only the latest is kept; the rest is as long as the transcript.
/// </summary>
internal sealed class FlightLog : IRelaySink<StreamTranscribeResponse>
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _begun = NewSignal();
    private TaskCompletionSource _changed = NewSignal();
    private List<StreamTranscribeResponse> _events = [];
    private StreamTranscribeResponse? _progress;
    private int _start;
    private bool _ended;
    private Exception? _failure;

    /// <summary>Ends with the first event, or the end.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Whether all has been said.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>The events so far, without progress.</summary>
    public IReadOnlyList<StreamTranscribeResponse> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (message.EventCase == StreamTranscribeResponse.EventOneofCase.Progress)
            {
                _progress = message;
            }
            else
            {
                _events.Add(message);
            }

            Signal();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Every reader begins again, if its own sink can.</summary>
    public bool TryRestart()
    {
        lock (_gate)
        {
            _events = [];
            _progress = null;
            _start++;
            Signal();
        }

        return true;
    }

    /// <summary>No event comes after this.</summary>
    public void End(Exception? failure = null)
    {
        lock (_gate)
        {
            (_ended, _failure) = (true, failure);
            Signal();
        }
    }

    /// <summary>Passes copies of all events on until the end.</summary>
    /// <param name="sink">Whom they are for.</param>
    /// <param name="own">Makes a copy the reader's own.</param>
    /// <param name="cancellationToken">Ends this reader, nobody else.</param>
    /// <exception cref="Exception">What the transcription failed with.</exception>
    public async Task FollowAsync(
        IRelaySink<StreamTranscribeResponse> sink, Action<StreamTranscribeResponse> own, CancellationToken cancellationToken)
    {
        var place = new Place();
        lock (_gate)
        {
            place.Start = _start;
        }

        while (true)
        {
            var (next, restarted, changed) = Next(place);
            if (restarted && !sink.TryRestart())
            {
                throw RouterErrors.WorkersFailed();
            }

            if (next is not null)
            {
                var copy = next.Clone();
                own(copy);
                await sink.AcceptAsync(copy, cancellationToken);
            }
            else if (changed is null)
            {
                return;
            }
            else
            {
                await changed.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>What a reader gets next; nothing and no task at the end.</summary>
    private (StreamTranscribeResponse? Next, bool Restarted, Task? Changed) Next(Place place)
    {
        lock (_gate)
        {
            var restarted = place.Start != _start;
            if (restarted)
            {
                (place.Start, place.Count) = (_start, 0);
            }

            if (_progress is not null && place.Count == _events.Count && place.Progress != _progress)
            {
                place.Progress = _progress;
                return (_progress, restarted, null);
            }

            // The last progress is told before the summary, which ends it all.
            if (place.Count < _events.Count)
            {
                var next = _events[place.Count];
                if (next.Summary is not null && _progress is not null && place.Progress != _progress)
                {
                    place.Progress = _progress;
                    return (_progress, restarted, null);
                }

                place.Count++;
                return (next, restarted, null);
            }

            if (_failure is not null)
            {
                ExceptionDispatchInfo.Throw(_failure);
            }

            return (null, restarted, _ended ? null : _changed.Task);
        }
    }

    // Called with the lock held; continuations run elsewhere.
    private void Signal()
    {
        _begun.TrySetResult();
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How far one reader is.</summary>
    private sealed class Place
    {
        public int Start { get; set; }

        public int Count { get; set; }

        public StreamTranscribeResponse? Progress { get; set; }
    }
}
