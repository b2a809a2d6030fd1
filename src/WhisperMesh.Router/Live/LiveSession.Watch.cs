using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Live;

/// <summary>What becomes of a session as time goes by.</summary>
internal sealed partial class LiveSession
{
    // How long a worker may take to tell the rest of what it has heard.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(60);

    private long _endsBy;

    /// <summary>Looks at the clock.</summary>
    public LiveWatch Watch()
    {
        MeshException? over = null;
        lock (_gate)
        {
            if (IsOver)
            {
                return Failure is not null && _client is null || Since(_overAt) >= Options.ResumeWindow ? LiveWatch.Forget : LiveWatch.Keep;
            }

            if (_completed && _endsBy == 0)
            {
                _endsBy = _time.GetTimestamp();
            }

            var abandoned = _client is null && _started && Since(_clientGoneAt) >= Options.ResumeWindow;
            if (!_completed && !abandoned)
            {
                over = Since(BeganAt) >= Options.MaxDuration ? LiveErrors.TooLong(Options.MaxDuration)
                    : _client is not null && Since(_heardAt) >= Options.IdleTimeout ? LiveErrors.Idle(Options.IdleTimeout)
                    : null;
            }
            else if (abandoned)
            {
                // Nobody can come back any more; whoever follows the captions gets the last words.
                CompleteLocked();
                return _endsBy != 0 && Since(_endsBy) >= LastWords ? LiveWatch.Abort : LiveWatch.Leave;
            }
            else if (_ending is not null && Since(_endsBy) >= LastWords)
            {
                return LiveWatch.Abort;
            }
        }

        if (over is not null)
        {
            EndGently(over);
        }

        return LiveWatch.Keep;
    }

    /// <summary>Has the usage of each minute written while the stream runs.</summary>
    public Task WriteUsageAsync() =>
        IsOver || !WhenStarted.IsCompletedSuccessfully ? Task.CompletedTask : Account.WriteAsync(Audio, Info.Model, Info.Language);

    private TimeSpan Since(long timestamp) => _time.GetElapsedTime(timestamp);
}

/// <summary>What is to be done with a session.</summary>
internal enum LiveWatch
{
    Keep,

    /// <summary>Its client can't return any more.</summary>
    Leave,

    /// <summary>Its worker does not come to the end.</summary>
    Abort,

    /// <summary>It is over, and whoever might still have read the end has had the time.</summary>
    Forget,
}
