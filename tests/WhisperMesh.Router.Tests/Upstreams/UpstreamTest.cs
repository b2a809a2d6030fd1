using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Upstreams;

/// <summary>A router with one upstream, which everybody may use unless a test says otherwise.</summary>
public abstract class UpstreamTest : IAsyncLifetime
{
    private FakeOpenAi? _upstream;
    private RouterHost? _router;

    internal FakeOpenAi Upstream => _upstream!;

    internal RouterHost Router => _router!;

    internal FixedConfiguration Configuration { get; private set; } = new(MeshConfiguration.Empty);

    public async ValueTask InitializeAsync() => _upstream = await FakeOpenAi.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await (_router?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Upstream.DisposeAsync();
    }

    internal UpstreamSettings Settings(params UpstreamModelSettings[] models) => new()
    {
        Name = "cloud",
        Address = Upstream.Address,
        // Asked like a worker, rather than when no other is left.
        Tier = 0,
        Models = models.Length > 0 ? models : [Model()],
    };

    internal static UpstreamModelSettings Model(params string[] features) => new()
    {
        Id = "whisper-1",
        As = "cloud-whisper",
        Features = features.Length > 0 ? features : ["transcribe", "translate", "word-timestamps"],
    };

    internal async Task StartAsync(UpstreamSettings settings, string[]? allowed = null, params WorkerLease[] workers)
    {
        Configuration = new(new MeshConfiguration
        {
            Upstreams = [settings],
            Tenants = new Dictionary<string, TenantSettings> { ["*"] = new() { Upstreams = allowed ?? ["*"] } },
        });
        _router = await RouterHost.StartAsync(services => services.AddSingleton<IMeshConfigurationSource>(Configuration), workers);
    }

    internal Task<HttpResponseMessage> PostAsync(string route, byte[] file, params (string, string)[] fields) =>
        Router.Http.PostAsync(
            "/v1/audio/" + route, Forms.WithFile(file, [("model", "cloud-whisper"), .. fields]), TestContext.Current.CancellationToken).Bounded();

    internal static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Bounded();
        response.IsSuccessStatusCode.ShouldBeTrue(body);
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>A WAV file of silence.</summary>
    internal static byte[] Wav(double seconds, int rate = 16000)
    {
        var data = (int)(seconds * rate) * 2;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write(36 + data);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(rate * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(data);
        writer.Write(new byte[data]);
        return stream.ToArray();
    }
}
