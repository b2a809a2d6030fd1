using System.ComponentModel.DataAnnotations;

namespace WhisperMesh.Router.Relay;

/// <summary>When audio is refused because workers die with it, section <c>Router:Refusal</c>.</summary>
internal sealed class RefusalOptions
{
    /// <summary>Workers that may die with the same audio.</summary>
    [Range(2, 100)]
    public int Deaths { get; set; } = 3;

    /// <summary>How long that is remembered.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Memory { get; set; } = TimeSpan.FromHours(1);
}
