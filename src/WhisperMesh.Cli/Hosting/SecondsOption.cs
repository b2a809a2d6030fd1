using System.CommandLine;
using System.Globalization;

namespace WhisperMesh.Cli.Hosting;

/// <summary>An option that is a time in seconds.</summary>
internal static class SecondsOption
{
    internal static Option<double?> Create(string name, string description) => new(name) { Description = description, HelpName = "seconds" };

    /// <summary>Null where the option is absent. The mesh checks the range; here it only has to be a time.</summary>
    internal static TimeSpan? Seconds(this ParseResult parsed, Option<double?> option) => parsed.GetValue(option) switch
    {
        null => null,
        >= 0 and <= 3600 and var seconds => TimeSpan.FromSeconds(seconds),
        var seconds => throw new UsageException($"{option.Name} is a time in seconds, not {seconds?.ToString(CultureInfo.InvariantCulture)}"),
    };
}
