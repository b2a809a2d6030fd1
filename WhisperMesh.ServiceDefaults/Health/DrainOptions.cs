using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WhisperMesh.ServiceDefaults.Health;

/// <summary>How a process ends that is told to stop, section <c>Drain</c>.</summary>
public sealed class DrainOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Drain";

    /// <summary>
    /// How long it still answers after it has said that it is not ready, so that routers, load balancers and probes see it before
    /// connections are refused.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Notice { get; set; } = TimeSpan.FromMilliseconds(300);
}

[OptionsValidator]
internal sealed partial class DrainOptionsValidator : IValidateOptions<DrainOptions>;
