using System.Text.Json;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>Real processes and real models: a general worker with a small and a "large" model, a worker for Spanish, and a route that cascades.</summary>
public sealed class LanguageAndQualityTests : IAsyncLifetime
{
    private const string Configuration = """
        {
          "routes": [
            {
              "name": "cascade",
              "match": { "headers": { "x-cascade": "*" } },
              "pool": { "model": "small" },
              "quality": { "action": "retry", "retry": { "model": "large" } }
            }
          ]
        }
        """;

    private readonly string _configuration = Path.GetTempFileName();
    private Mesh _mesh = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_configuration, Configuration, Token);
        _mesh = new Mesh(await RedisServer.StartNewAsync(Token));
        _mesh.StartRouter(new Dictionary<string, string> { ["Router__ConfigurationPath"] = _configuration });
        var folder = Path.Combine(Repository.Root, "models", "whisper-base");
        _mesh.StartTranscription(new Dictionary<string, string>
        {
            ["Transcription__Models__0__Name"] = "small",
            ["Transcription__Models__0__Path"] = folder,
            ["Transcription__Models__0__Default"] = "true",
            ["Transcription__Models__0__LoadAtStart"] = "true",
            ["Transcription__Models__1__Name"] = "large",
            ["Transcription__Models__1__Path"] = folder,
            ["Transcription__Models__1__LoadAtStart"] = "true",
        });
        _mesh.StartTranscription(new Dictionary<string, string>
        {
            ["Transcription__ModelName"] = "small",
            ["Worker__Languages__0"] = "es",
        });
        await _mesh.WaitUntilReadyAsync(modelCount: 3);
    }

    public async ValueTask DisposeAsync()
    {
        await _mesh.DisposeAsync();
        File.Delete(_configuration);
    }

    [Fact]
    public async Task Mesh_LanguagesAndQuality_ServeAsConfigured()
    {
        // One mesh for all, since its start takes most of the time.
        await DetectsAsync();
        await SpanishGoesToItsWorkerAsync();
        await DoubtfulTextIsMadeAgainByTheLargerModelAsync();
        await ALongRecordingChangesItsLanguageAsync();
    }

    private async Task DetectsAsync()
    {
        foreach (var (file, language) in new[] { ("en-demo-nogo.wav", "en"), ("es-both_help.wav", "es"), ("ru-both_help.wav", "ru") })
        {
            await using var audio = File.OpenRead(Recordings.Named(file).Path);
            (await _mesh.Client.DetectLanguageAsync(audio, cancellationToken: Token)).Languages[0].LanguageCode.ShouldBe(language);
        }

        using var form = HttpApi.Form(await File.ReadAllBytesAsync(Recordings.Named("fr-both_help.wav").Path, Token), "a.wav", ("languages[]", "fr"), ("languages[]", "it"));
        using var response = await _mesh.TranscribeAsync(form, "languages");
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
        body.GetProperty("languages").EnumerateArray().Select(entry => entry.GetProperty("code").GetString()).ShouldBe(["fr", "it"]);
    }

    private async Task SpanishGoesToItsWorkerAsync()
    {
        var spanish = await TranscribeAsync(Recordings.Named("es-both_help.wav"), new TranscribeOptions());
        var english = await TranscribeAsync(Recordings.Named("en-demo-nogo.wav"), new TranscribeOptions());

        var route = spanish.Summary.Route;
        route.Reason.ShouldStartWith("detected es (");
        route.Reason.ShouldEndWith("dedicated to es");
        route.Languages[0].LanguageCode.ShouldBe("es");
        spanish.Summary.LanguageCode.ShouldBe("es");
        english.Summary.Route.Languages[0].LanguageCode.ShouldBe("en");
        english.Summary.WorkerId.ShouldNotBe(spanish.Summary.WorkerId);
    }

    private async Task DoubtfulTextIsMadeAgainByTheLargerModelAsync()
    {
        // Asked for in the wrong language, which the engine says of its text: the second try finds the right one.
        var recording = Recordings.Named("es-ss-noservice.wav");
        using var form = HttpApi.Form(
            await File.ReadAllBytesAsync(recording.Path, Token), "a.wav", ("language", "ru"), ("response_format", "verbose_json"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form };
        request.Headers.Add("x-cascade", "yes");

        using var response = await _mesh.Http.SendAsync(request, Token);

        var body = await response.Content.ReadAsStringAsync(Token);
        response.IsSuccessStatusCode.ShouldBeTrue($"{body}\n{_mesh.Logs()}");
        var transcript = JsonDocument.Parse(body).RootElement;
        WordErrorRate.Errors(recording.Text, transcript.GetProperty("text").GetString()!).ShouldBeLessThanOrEqualTo(4, body);
        response.Headers.GetValues("x-whispermesh-route").ShouldBe(["cascade"]);
        response.Headers.GetValues("x-whispermesh-model").ShouldBe(["large"]);
        response.Headers.GetValues("x-whispermesh-route-reason").Single().ShouldStartWith("quality retry, ");
    }

    private async Task ALongRecordingChangesItsLanguageAsync()
    {
        Recording[] parts = [.. Recordings.English.Take(3), .. Recordings.All.Where(recording => recording.Language == "fr").Take(3)];

        var transcript = await _mesh.Client
            .TranscribeAsync(new MemoryStream(WithPauses(parts)), new TranscribeOptions { Languages = ["en", "fr"] }.ToConfig(), Token)
            .ToTranscriptAsync(cancellationToken: Token);

        var languages = transcript.Segments.Select(segment => segment.LanguageCode).ToList();
        languages.First().ShouldBe("en");
        languages.Last().ShouldBe("fr");
        languages.Zip(languages.Skip(1)).Count(pair => pair.First != pair.Second).ShouldBe(1);
        WordErrorRate.Errors(string.Join(' ', parts.Select(part => part.Text)), transcript.Text).ShouldBeLessThanOrEqualTo(12, transcript.Text);
    }

    private async Task<Transcript> TranscribeAsync(Recording recording, TranscribeOptions options)
    {
        await using var audio = File.OpenRead(recording.Path);
        return await _mesh.Client.TranscribeAsync(audio, options.ToConfig(), Token).ToTranscriptAsync(cancellationToken: Token);
    }

    /// <summary>Several recordings in one WAV, each a turn of its own.</summary>
    private static byte[] WithPauses(IEnumerable<Recording> recordings)
    {
        var sounds = recordings.Select(recording => File.ReadAllBytes(recording.Path)).ToList();
        byte[] wav = [.. sounds[0].AsSpan(0, 44), .. sounds.SelectMany(sound => sound.Skip(44).Concat(new byte[6 * 32_000]))];
        BitConverter.TryWriteBytes(wav.AsSpan(4), wav.Length - 8);
        BitConverter.TryWriteBytes(wav.AsSpan(40), wav.Length - 44);
        return wav;
    }
}
