using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Upstreams;

/// <summary>Describes an upstream as a worker, so that routes, pools and policies treat it like one.</summary>
internal static class UpstreamLeases
{
    public const string Device = "external";

    public static WorkerLease Of(UpstreamSettings upstream, DateTimeOffset since)
    {
        var capabilities = new WorkerCapabilities
        {
            ConcurrentRequestLimit = upstream.Capacity,
            Device = Device,
            // What an API reads is its own affair: the file goes there as it came.
            CompressedAudio = true,
            Weight = upstream.Weight,
            Tier = upstream.Tier,
        };
        capabilities.Models.AddRange(upstream.Models.Select(ModelOf));
        capabilities.Labels.Add(upstream.Labels.ToDictionary());
        return new WorkerLease
        {
            WorkerId = UpstreamId.Of(upstream.Name),
            Address = UpstreamId.Of(upstream.Name),
            Capabilities = capabilities,
            Load = new WorkerLoad(),
            StartTime = since.ToTimestamp(),
        };
    }

    private static WorkerModel ModelOf(UpstreamModelSettings settings)
    {
        var model = new Model
        {
            Id = settings.PublicId(),
            Kind = settings.Speaks() ? ModelKind.Synthesis : ModelKind.Transcription,
        };
        model.LanguageCodes.AddRange(settings.Languages);
        model.Voices.AddRange(settings.Voices.Select(voice => new Voice { Id = voice }));
        return new WorkerModel { Model = model, Features = { UpstreamFeatures.Of(settings) } };
    }
}
