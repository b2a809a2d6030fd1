namespace Aspire.Dashboard.Telemetry;

/// <summary>A series at the end of a slot of time. Counts only grow: restarts of the sender and reports of changes are made up for.</summary>
/// <param name="Slot">Which slot; <see cref="MetricSeries.SlotTime"/> each, since 1970.</param>
/// <param name="Value">The value of a gauge, the total of a counter, the sum of a distribution.</param>
/// <param name="Count">How many values a distribution has had.</param>
/// <param name="Buckets">How many of them in each bucket; may be shared with other samples and is never changed.</param>
internal readonly record struct MetricSample(long Slot, double Value, double Count, ulong[] Buckets);

/// <summary>All that a chart needs of one series.</summary>
internal sealed record MetricSeriesSnapshot(MetricPoint Latest, IReadOnlyList<MetricSample> Samples, IReadOnlyList<Exemplar> Exemplars);
