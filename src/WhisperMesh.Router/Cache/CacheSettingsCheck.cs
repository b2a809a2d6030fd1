using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Cache;

/// <summary>Checks what the configuration says of keeping results.</summary>
internal sealed class CacheSettingsCheck : IMeshConfigurationCheck
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(30);
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(1);

    public IEnumerable<string> Check(MeshConfiguration configuration)
    {
        if (!IsLife(configuration.Cache.TimeToLive))
        {
            yield return $"cache.timeToLive is {configuration.Cache.TimeToLive}; it must be between {Range}.";
        }

        if (configuration.Cache.MaxBytesPerTenant < 0)
        {
            yield return "cache.maxBytesPerTenant must not be negative.";
        }

        foreach (var (index, route) in configuration.Routes.Index())
        {
            if (route.Retention.TimeToLive is { } life && !IsLife(life))
            {
                yield return $"routes[{index}].retention.timeToLive is {life}; it must be between {Range}.";
            }
        }
    }

    private static string Range => $"{ShortestLife} and {LongestLife}";

    private static bool IsLife(TimeSpan life) => life >= ShortestLife && life <= LongestLife;
}
