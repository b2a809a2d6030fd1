using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Upstreams;

/// <summary>What upstreams cost, by the configuration.</summary>
internal sealed class UpstreamPrices(IMeshConfigurationSource configuration)
{
    /// <summary>Price of that much audio, in the currency of the configuration; zero for the mesh's own workers.</summary>
    /// <param name="workerId">As the reply's route names it.</param>
    /// <param name="audio">Length of the audio.</param>
    public decimal Of(string workerId, TimeSpan audio)
    {
        if (!UpstreamId.Is(workerId))
        {
            return 0;
        }

        var name = UpstreamId.NameOf(workerId);
        var perMinute = configuration.Current.Upstreams.FirstOrDefault(upstream => upstream.Name == name)?.PricePerMinute ?? 0;
        return perMinute * (decimal)audio.TotalMinutes;
    }
}
