using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.IntegrationTests.Telemetry;

/// <summary>What processes export holds nothing that was said, is to be said, or opens doors; at the finest level of their logs.</summary>
[Collection(TracedMesh.Collection)]
public sealed partial class SecrecyTests(TracedMesh mesh)
{
    private const string Prompt = "Tasting of herring and marmalade, seventeen giraffes";
    private const string ToSpeak = "Purple lighthouses hum beneath the copper moonlight.";
    private const int SampleBytes = 24;
    private static readonly Recording Sorry = Recordings.Named("en-sorry.wav");
    private static readonly string[] Services = ["whispermesh-router", "whispermesh-transcription", "whispermesh-synthesis"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exported_OfRequestsWithAKey_HoldsNeitherWordsNorKeysNorAudio()
    {
        await mesh.TraceAsync(() => TranscribeAsync(HttpStatusCode.OK), "response");
        await mesh.TraceAsync(() => TranscribeAsync(HttpStatusCode.BadRequest, ("temperature", "9")), "accept");
        await mesh.TraceAsync(TranscribeOverGrpcAsync, "decoder");
        await mesh.TraceAsync(SpeakAsync, "encode");
        await mesh.TraceAsync(HearLiveAsync, "utterance");
        var metrics = mesh.Received.Metrics.Count;
        await mesh.UntilAsync(() =>
            Services.All(service => mesh.Received.Logs.Any(request => request.ResourceLogs.Any(logs => IsOf(logs.Resource, service))))
            && mesh.Received.Metrics.Skip(metrics).SelectMany(request => request.ResourceMetrics).Select(one => one.Resource)
                .Count(resource => Services.Any(service => IsOf(resource, service))) >= 2 * Services.Length);

        IEnumerable<IMessage> all = [.. mesh.Received.Traces, .. mesh.Received.Logs, .. mesh.Received.Metrics];
        var exported = string.Join('\n', all.Select(message => message.ToString()));
        exported.ShouldContain("whispermesh.decoder.tokens");
        exported.ShouldNotContain("bytesValue");
        foreach (var secret in new[] { mesh.Key, mesh.Key[^38..^6], TracedMesh.AdminKey })
        {
            exported.ShouldNotContain(secret);
        }

        Samples().Where(exported.Contains).ShouldBeEmpty();
        var words = ' ' + string.Join(' ', Words(exported)) + ' ';
        words.ShouldContain(" whispermesh decoder tokens ");
        new[] { Sorry.Text, Prompt, ToSpeak }.SelectMany(Sequences).Where(sequence => words.Contains(sequence, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private async Task TranscribeAsync(HttpStatusCode status, params (string, string)[] fields)
    {
        using var form = HttpApi.Form(
            await File.ReadAllBytesAsync(Sorry.Path, Token), "a.wav", [("prompt", Prompt), ("response_format", "verbose_json"), .. fields]);
        using var response = await mesh.Http.PostAsync("/v1/audio/transcriptions", form, Token);
        response.StatusCode.ShouldBe(status);
    }

    private async Task TranscribeOverGrpcAsync()
    {
        await using var audio = File.OpenRead(Sorry.Path);
        var transcript = await mesh.Client.TranscribeAsync(audio, new TranscriptionConfig { Prompt = Prompt }, Token)
            .ToTranscriptAsync(cancellationToken: Token);
        Words(transcript.Text).ShouldContain("sorry");
    }

    private async Task SpeakAsync()
    {
        using var response = await mesh.Http.PostAsJsonAsync("/v1/audio/speech", new { input = ToSpeak, response_format = "wav" }, Token);
        response.IsSuccessStatusCode.ShouldBeTrue();
    }

    private async Task HearLiveAsync()
    {
        var options = new LiveOptions
        {
            AudioFormat = new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16000, ChannelCount = 1 },
            Language = "en",
            PassClock = LivePassClock.Audio,
        };
        var samples = File.ReadAllBytes(Sorry.Path)[44..];
        await mesh.Client.TranscribeLiveAsync(AsyncEnumerable.Repeat<ReadOnlyMemory<byte>>(samples, 1), options, Token).CountAsync(Token);
    }

    /// <summary>Samples from the middle of the recording, as they would show in base64 and hexadecimal.</summary>
    private static IEnumerable<string> Samples()
    {
        var audio = File.ReadAllBytes(Sorry.Path);
        for (var i = 0; i < 3; i++)
        {
            var part = audio[((audio.Length / 2) + i)..][..SampleBytes];
            yield return Convert.ToBase64String(part);
            yield return Convert.ToHexString(part);
            yield return Convert.ToHexStringLower(part);
        }
    }

    /// <summary>Any three words in a row.</summary>
    private static IEnumerable<string> Sequences(string text)
    {
        var words = Words(text);
        return Enumerable.Range(0, words.Count - 2).Select(i => $" {words[i]} {words[i + 1]} {words[i + 2]} ");
    }

    private static List<string> Words(string text) => [.. Word().Matches(text.ToLowerInvariant()).Select(match => match.Value)];

    private static bool IsOf(OpenTelemetry.Proto.Resource.V1.Resource resource, string service) =>
        resource.Attributes.Any(attribute => attribute.Key == "service.name" && attribute.Value.StringValue == service);

    [GeneratedRegex("[a-z]+")]
    private static partial Regex Word();
}
