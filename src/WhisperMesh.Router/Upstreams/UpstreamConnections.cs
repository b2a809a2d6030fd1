using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Upstreams;

/// <summary>Opens the ways to upstreams.</summary>
internal sealed class UpstreamConnections(
    IMeshConfigurationSource configuration, UpstreamTranscriber transcriber, UpstreamSpeaker speaker, UpstreamClient client)
    : IWorkerConnectionFactory
{
    public bool Serves(WorkerLease lease) => UpstreamId.Is(lease.Address);

    public IWorkerConnection Open(WorkerLease lease) => new UpstreamConnection(this, UpstreamId.NameOf(lease.Address));

    /// <summary>One upstream. It holds nothing but the name, so that a changed configuration counts from the next request on.</summary>
    private sealed class UpstreamConnection(UpstreamConnections owner, string name) : IWorkerConnection
    {
        public Task TranscribeAsync(
            TranscriptionConfig config,
            SpoolFile audio,
            DateTime? deadline,
            IRelaySink<StreamTranscribeResponse> sink,
            CancellationToken cancellationToken) =>
            owner.TranscribeAsync(owner.Settings(name), config, audio, deadline, sink, cancellationToken);

        public Task SynthesizeAsync(
            SynthesizeRequest request, DateTime? deadline, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken) =>
            owner.SynthesizeAsync(owner.Settings(name), request, deadline, sink, cancellationToken);

        public Task ProbeAsync(CancellationToken cancellationToken) => owner.ProbeAsync(owner.Settings(name), cancellationToken);

        public void Dispose()
        {
            // Connections are pooled by the one client of all upstreams.
        }
    }

    private Task TranscribeAsync(
        UpstreamSettings upstream,
        TranscriptionConfig config,
        SpoolFile audio,
        DateTime? deadline,
        IRelaySink<StreamTranscribeResponse> sink,
        CancellationToken cancellationToken) =>
        transcriber.RunAsync(new UpstreamTask(upstream, Model(upstream, config.Model), deadline), config, audio, sink, cancellationToken);

    private Task SynthesizeAsync(
        UpstreamSettings upstream,
        SynthesizeRequest request,
        DateTime? deadline,
        IRelaySink<SynthesizeResponse> sink,
        CancellationToken cancellationToken) =>
        speaker.RunAsync(new UpstreamTask(upstream, Model(upstream, request.Model), deadline), request, sink, cancellationToken);

    private Task ProbeAsync(UpstreamSettings upstream, CancellationToken cancellationToken) =>
        client.ProbeAsync(upstream, cancellationToken);

    private UpstreamSettings Settings(string name) =>
        configuration.Current.Upstreams.FirstOrDefault(upstream => upstream.Name == name) ?? throw UpstreamErrors.Gone(name);

    private static UpstreamModelSettings Model(UpstreamSettings upstream, string id) =>
        upstream.Models.FirstOrDefault(model => model.PublicId() == id) ?? throw UpstreamErrors.Gone(upstream.Name);
}

/// <summary>Which model of which upstream has something to do, and until when.</summary>
internal sealed record UpstreamTask(UpstreamSettings Upstream, UpstreamModelSettings Model, DateTime? Deadline);
