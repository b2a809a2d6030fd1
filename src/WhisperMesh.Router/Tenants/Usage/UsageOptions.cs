using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WhisperMesh.Router.Tenants.Usage;

/// <summary>Settings of usage, section <c>Router:Usage</c>.</summary>
internal sealed class UsageOptions
{
    public const string SectionName = "Router:Usage";

    /// <summary>Folder for usage that waits for Redis. Unset: one in the system's temporary folder.</summary>
    public string? JournalDirectory { get; set; }

    /// <summary>Bytes that waiting usage may take; what comes after is lost, and the log says so. About 300 bytes a request.</summary>
    [Range(1024L, long.MaxValue)]
    public long JournalMaxBytes { get; set; } = 256L << 20;
}

[OptionsValidator]
internal sealed partial class UsageOptionsValidator : IValidateOptions<UsageOptions>;
