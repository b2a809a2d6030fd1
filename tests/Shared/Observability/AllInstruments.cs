using System.Diagnostics.Metrics;

namespace WhisperMesh.Tests.Shared.Observability;

/// <summary>Makes each instrument of a process show up in its metrics, those of rare events too, as if it had been used.</summary>
internal static class AllInstruments
{
    /// <param name="meters">Whose meters are meant: others of the same test process are left alone, those of no factory are not.</param>
    public static void Touch(IMeterFactory meters)
    {
        var found = new List<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name.StartsWith("WhisperMesh.", StringComparison.Ordinal)
                && (instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, meters)))
            {
                found.Add(instrument);
            }
        };
        listener.Start();
        found.ForEach(Touch);
    }

    private static void Touch(Instrument instrument)
    {
        switch (instrument)
        {
            case Counter<long> counter:
                counter.Add(0);
                break;
            case Counter<double> counter:
                counter.Add(0);
                break;
            case UpDownCounter<long> counter:
                counter.Add(0);
                break;
            case Histogram<double> histogram:
                histogram.Record(0);
                break;
            case Histogram<long> histogram:
                histogram.Record(0);
                break;
            case Histogram<int> histogram:
                histogram.Record(0);
                break;
            default:
                // Observed ones tell by themselves.
                instrument.IsObservable.ShouldBeTrue($"{instrument.Name} is of a kind that is not known here");
                break;
        }
    }
}
