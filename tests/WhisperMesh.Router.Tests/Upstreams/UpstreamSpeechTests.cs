using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Upstreams;

/// <summary>Speech that an upstream makes.</summary>
public sealed class UpstreamSpeechTests : UpstreamTest
{
    private static readonly UpstreamModelSettings Voices = new()
    {
        Id = "tts-1",
        As = "cloud-voice",
        Features = ["synthesize"],
        Voices = ["nova", "echo"],
    };

    [Theory]
    [InlineData("mp3", "audio/mpeg")]
    [InlineData("pcm", "audio/pcm")]
    [InlineData("wav", "audio/wav")]
    public async Task Http_Format_IsAskedForAndPassedOnAsItComes(string format, string type)
    {
        byte[] audio = format == "wav" ? Wav(1, 24000) : [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)];
        Upstream.Answer = context => AudioAsync(context, audio);
        await StartAsync(Settings(Voices));

        using var response = await SpeakAsync(new { model = "cloud-voice", input = "Good morning.", voice = "echo", response_format = format, speed = 1.5 });

        var heard = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken).Bounded();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        heard.ShouldBe(audio);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        response.Headers.GetValues("x-whispermesh-external").ShouldBe(["true"]);
        var request = Upstream.Requests.ShouldHaveSingleItem();
        (request.Path, request.HasLength).ShouldBe(("/v1/audio/speech", true));
        var json = JsonDocument.Parse(request.Body).RootElement;
        json.EnumerateObject().Select(property => property.Name).ShouldBe(["model", "input", "voice", "response_format", "speed"]);
        (json.GetProperty("model").GetString(), json.GetProperty("voice").GetString()).ShouldBe(("tts-1", "echo"));
        (json.GetProperty("response_format").GetString(), json.GetProperty("speed").GetDouble()).ShouldBe((format, 1.5));
    }

    [Fact]
    public async Task Grpc_Pcm_IsMeasuredAndAVoiceThatItLacksIsNoted()
    {
        Upstream.Answer = context => AudioAsync(context, new byte[72_000]);
        await StartAsync(Settings(Voices));
        var request = new SynthesizeRequest
        {
            Text = "Zoë 🙂",
            Model = "cloud-voice",
            Voice = "joe",
            AudioFormat = new() { Encoding = AudioEncoding.PcmS16Le },
        };

        using var call = Router.Synthesis.Synthesize(request, cancellationToken: TestContext.Current.CancellationToken);
        var events = await call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken).AsTask().Bounded();

        var started = events[0].Started;
        (started.WorkerId, started.Voice, started.AudioFormat.SampleRateHz).ShouldBe(("upstream:cloud", "nova", 24000));
        started.Route.Notes.ShouldBe(["The voice 'joe' is not there; 'nova' speaks in its place."]);
        var summary = events[^1].Summary;
        summary.AudioDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(1.5));
        (summary.CharacterCount, summary.Route.External).ShouldBe((5, true));
        events.Where(e => e.EventCase == SynthesizeResponse.EventOneofCase.Audio).Sum(e => e.Audio.Length).ShouldBe(72_000);
    }

    [Fact]
    public async Task Grpc_RateThatItDoesNotSpeak_IsRefusedByName()
    {
        await StartAsync(Settings(Voices));
        var request = new SynthesizeRequest
        {
            Text = "Hello.",
            Model = "cloud-voice",
            AudioFormat = new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 8000 },
        };

        using var call = Router.Synthesis.Synthesize(request, cancellationToken: TestContext.Current.CancellationToken);
        var error = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).Bounded();

        RpcErrorDetails.From(error).Field.ShouldBe("audio_format.sample_rate_hz");
        Upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Http_AudioThatBreaksOff_IsNoWholeAnswer()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Upstream.Answer = async context =>
        {
            context.Response.ContentLength = 100_000;
            await context.Response.Body.WriteAsync(new byte[50_000]);
            await context.Response.Body.FlushAsync();
            await heard.Task;
            context.Abort();
        };
        await StartAsync(Settings(Voices));

        using var response = await SpeakAsync(new { model = "cloud-voice", input = "Hello." });
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await body.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().Bounded();
        heard.SetResult();

        await Should.ThrowAsync<IOException>(() => body.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken)).Bounded();
    }

    private static async Task AudioAsync(HttpContext context, byte[] audio)
    {
        context.Response.ContentType = "audio/mpeg";
        await context.Response.Body.WriteAsync(audio, context.RequestAborted);
    }

    private async Task<HttpResponseMessage> SpeakAsync(object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/speech") { Content = JsonContent.Create(body) };
        return await Router.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).Bounded();
    }
}
