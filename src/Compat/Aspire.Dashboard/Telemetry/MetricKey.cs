using System.Text;

namespace Aspire.Dashboard.Telemetry;

/// <summary>Tells one series of measurements from another.</summary>
internal static class MetricKey
{
    // Control characters that the parts don't hold in practice; where they do, two series of one sender merge and nothing else happens.
    private const char Part = '\u001f';
    private const char Item = '\u001e';

    public static string Of(MetricPoint point)
    {
        var key = new StringBuilder()
            .Append(point.Resource.Service).Append(Part).Append(point.Resource.Instance).Append(Part)
            .Append(point.Meter).Append(Part).Append(point.Name).Append(Part);
        foreach (var (name, value) in point.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            key.Append(name).Append('=').Append(value).Append(Item);
        }

        return key.ToString();
    }
}
