using System.Security.Cryptography;
using System.Text;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>What one request may do with the cache.</summary>
/// <param name="Scope">Names the tenant, whose results nobody else sees, without telling who it is.</param>
/// <param name="Reads">Whether a stored result may be given.</param>
/// <param name="MaxAge">Oldest result that may be given; null: any.</param>
/// <param name="TimeToLive">How long the result may be kept.</param>
/// <param name="MaxBytes">Bytes that all results of the tenant may take.</param>
internal sealed record CacheTerms(string Scope, bool Reads, TimeSpan? MaxAge, TimeSpan TimeToLive, long MaxBytes)
{
    private const int ScopeBytes = 16;

    /// <summary>Null where the request may neither be answered from the cache nor kept there.</summary>
    public static CacheTerms? Of(TranscriptionJob job, MeshConfiguration configuration)
    {
        var wishes = CacheWishes.Read(job.Origin.Header("Cache-Control"));
        var tenant = job.Origin.Caller.TenantId;
        var noStore = wishes.NoStore
            || !configuration.Cache.Enabled
            || !job.Plan.Retention.Cache
            || (configuration.Tenants.GetValueOrDefault(tenant) ?? configuration.Tenants.GetValueOrDefault("*"))?.NoStore == true
            // Speech that is being spoken comes once only.
            || job.Config.RequestClass == RequestClass.Live;
        return noStore
            ? null
            : new CacheTerms(
                ScopeOf(tenant),
                !wishes.NoCache,
                wishes.MaxAge,
                job.Plan.Retention.TimeToLive ?? configuration.Cache.TimeToLive,
                configuration.Cache.MaxBytesPerTenant);
    }

    internal static string ScopeOf(string tenant) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("whispermesh tenant " + tenant)).AsSpan(0, ScopeBytes));
}
