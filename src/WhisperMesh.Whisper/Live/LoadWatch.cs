using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Live;

/// <summary>Sees whether passes come as often as they are asked for. Not thread-safe.</summary>
/// <param name="asked">Samples between passes.</param>
internal sealed class LoadWatch(long asked)
{
    // Apart, so that it doesn't go to and fro: a pass alone takes about a tenth of a second.
    private const double BusyAbove = 2;
    private const double NormalBelow = 1.4;
    private const long Slack = LogMel.SampleRateHz / 5;

    // Each pass counts a third: one late pass among others is none.
    private const double NewShare = 1 / 3.0;

    private double _interval = asked;

    public bool IsBusy { get; private set; }

    /// <summary>Samples between two passes of late.</summary>
    public long Interval => (long)_interval;

    /// <summary>Takes in a pass that begins this much later than it was due; gives whether that changes the picture.</summary>
    public bool Add(long late)
    {
        _interval += (asked + late - _interval) * NewShare;
        var isBusy = _interval > (IsBusy ? NormalBelow : BusyAbove) * asked + Slack;
        var changed = isBusy != IsBusy;
        IsBusy = isBusy;
        return changed;
    }
}
