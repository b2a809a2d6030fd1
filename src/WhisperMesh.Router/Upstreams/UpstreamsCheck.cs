using System.Text.RegularExpressions;
using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Upstreams;

/// <summary>Checks the upstreams of a configuration.</summary>
internal sealed partial class UpstreamsCheck : IMeshConfigurationCheck
{
    private const int MaxCapacity = 10_000;

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(24);

    public IEnumerable<string> Check(MeshConfiguration configuration)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return configuration.Upstreams.SelectMany((upstream, i) => Check(upstream, $"upstreams[{i}]", names).ToList());
    }

    private static IEnumerable<string> Check(UpstreamSettings upstream, string path, HashSet<string> names)
    {
        if (!Name().IsMatch(upstream.Name))
        {
            yield return $"{path}.name: must have 1 to 64 characters of A-Z a-z 0-9 . _ -.";
        }
        else if (!names.Add(upstream.Name))
        {
            yield return $"{path}.name: there is another upstream '{upstream.Name}'.";
        }

        if (!IsAddress(upstream.Address))
        {
            yield return $"{path}.address: must be an absolute https or http address without user, query and fragment, such as \"https://api.example.com/v1\".";
        }

        if (upstream.KeyEnvironment is not null && string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(upstream.KeyEnvironment)))
        {
            yield return $"{path}.keyEnvironment: the environment variable '{upstream.KeyEnvironment}' is not set.";
        }
        else if (UpstreamClient.Key(upstream)?.Any(c => c is < '!' or > '~') == true)
        {
            yield return $"{path}.keyEnvironment: the key in '{upstream.KeyEnvironment}' has characters that no key has.";
        }

        foreach (var error in CheckLimits(upstream).Concat(UpstreamModelsCheck.Check(upstream)))
        {
            yield return $"{path}.{error}";
        }
    }

    private static IEnumerable<string> CheckLimits(UpstreamSettings upstream)
    {
        if (upstream.Capacity is < 1 or > MaxCapacity)
        {
            yield return $"capacity: must be between 1 and {MaxCapacity}.";
        }

        if (upstream.RequestsPerMinute is < 1)
        {
            yield return "requestsPerMinute: must be at least 1.";
        }

        if (upstream.MaxUploadBytes < 1)
        {
            yield return "maxUploadBytes: must be at least 1.";
        }

        if (upstream.Timeout <= TimeSpan.Zero || upstream.Timeout > LongestTimeout)
        {
            yield return "timeout: must be above 0 and at most a day.";
        }

        if (upstream.PricePerMinute < 0)
        {
            yield return "pricePerMinute: must not be negative.";
        }

        if (!(upstream.Weight > 0 && double.IsFinite(upstream.Weight)))
        {
            yield return "weight: must be a number above 0.";
        }

        if (upstream.Tier < 0)
        {
            yield return "tier: must not be negative.";
        }
    }

    private static bool IsAddress(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$")]
    private static partial Regex Name();
}
