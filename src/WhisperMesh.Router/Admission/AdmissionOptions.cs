using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WhisperMesh.Router.Admission;

/// <summary>Settings of the router's queue, section <c>Router:Admission</c>.</summary>
internal sealed class AdmissionOptions
{
    public const string SectionName = "Router:Admission";

    /// <summary>Requests that may wait in this router.</summary>
    [Range(0, 1_000_000)]
    public int QueueLimit { get; set; } = 1000;

    /// <summary>Work that may wait in this router, in predicted time of one worker. One request alone may be longer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan QueuedWorkLimit { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Longest that a request may be predicted to wait, deadline or not; one that would is refused.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Waiting that lifts a class by one: a bulk request that waited twice as long goes before fresh live ones.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Aging { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Requests sent to a worker beyond those that it works on, as a share of these: its batch stays full. Bulk gets none of them.</summary>
    [Range(0d, 4d)]
    public double WorkerQueueShare { get; set; } = 0.25;
}

[OptionsValidator]
internal sealed partial class AdmissionOptionsValidator : IValidateOptions<AdmissionOptions>;
