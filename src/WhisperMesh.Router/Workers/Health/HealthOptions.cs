using System.ComponentModel.DataAnnotations;

namespace WhisperMesh.Router.Workers.Health;

/// <summary>When a worker is left out and how it comes back, section <c>Router:Health</c>.</summary>
internal sealed class HealthOptions : IValidatableObject
{
    /// <summary>Failures in a row that eject a worker.</summary>
    [Range(1, 10_000)]
    public int ConsecutiveFailures { get; set; } = 5;

    /// <summary>Share of a worker's requests that fail, from which on it is ejected.</summary>
    [Range(0.01, 1)]
    public double FailureShare { get; set; } = 0.2;

    /// <summary>Requests that the share needs before it counts.</summary>
    [Range(1, 100_000)]
    public int FailureShareRequests { get; set; } = 10;

    /// <summary>Time over which the share is taken.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FailureShareTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an ejected worker is left out: this, times the number of ejections of late.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan EjectionTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest that an ejection may last.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan MaxEjectionTime { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>Share of the workers of a model that may be ejected at once, rounded down.</summary>
    [Range(0.0, 1.0)]
    public double MaxEjectedShare { get; set; } = 0.5;

    /// <summary>Time between probes of a worker that is to come back, or that nothing has been heard of.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a worker may take to answer a probe.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Time over which a new worker, or one that is back, grows to its full share; zero: at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SlowStart { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a measured latency counts.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LatencyMemory { get; set; } = TimeSpan.FromMinutes(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxEjectionTime < EjectionTime)
        {
            yield return new ValidationResult(
                "MaxEjectionTime must not be shorter than EjectionTime.", [nameof(MaxEjectionTime)]);
        }
    }
}
