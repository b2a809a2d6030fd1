using System.ComponentModel.DataAnnotations;

namespace WhisperMesh.Router.Relay;

/// <summary>
/// How often requests are tried again that a worker had taken, section <c>Router:Retries</c>.
/// </summary>
internal sealed class RetryOptions
{
    /// <summary>Retries that each request earns.</summary>
    [Range(0.0, 1.0)]
    public double Share { get; set; } = 0.1;

    /// <summary>Most retries that can be saved up; also what there is at the start.</summary>
    [Range(3, 10_000)]
    public int Reserve { get; set; } = 10;

    /// <summary>Longest wait before the first retry; each later one may wait twice as long. The wait itself is drawn by lot.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait before any retry.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(1);
}
