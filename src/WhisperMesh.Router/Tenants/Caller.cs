namespace WhisperMesh.Router.Tenants;

/// <summary>Who asks. Every request has one; where no keys are asked for it is <see cref="Local"/>.</summary>
internal sealed record Caller
{
    /// <summary>Whoever reaches a mesh that is open on loopback.</summary>
    public static readonly Caller Local = new() { TenantId = "local" };

    public required string TenantId { get; init; }

    /// <summary>Public id of the key that was shown; null where keys are not asked for.</summary>
    public string? KeyId { get; init; }

    /// <summary>The caller of a request that has passed authentication.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Local;
}
