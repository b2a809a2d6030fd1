using System.Net;
using System.Text;
using System.Text.Json;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Http;

public sealed class SpeechApiTests : ApiTest
{
    [Theory]
    [InlineData("mp3", "audio/mpeg", AudioEncoding.Mp3, 0)]
    [InlineData("opus", "audio/ogg", AudioEncoding.Opus, 0)]
    [InlineData("aac", "audio/aac", AudioEncoding.Aac, 0)]
    [InlineData("flac", "audio/flac", AudioEncoding.Flac, 0)]
    [InlineData("wav", "audio/wav", AudioEncoding.Wav, 0)]
    [InlineData("pcm", "audio/pcm", AudioEncoding.PcmS16Le, 24000)]
    public async Task Speech_EachFormat_RelaysTheAudio(string format, string contentType, AudioEncoding encoding, int rate)
    {
        using var response = await SpeakAsync(new { model = "tts-1", input = "Hello", voice = "alloy", speed = 1.5, response_format = format });

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(contentType);
        (await BodyAsync(response)).ShouldBe("first second");
        response.Headers.GetValues("x-whispermesh-worker").ShouldBe(["one"]);
        var request = Worker.Speech.Syntheses.ShouldHaveSingleItem();
        (request.Model, request.Voice, request.Speed, request.Text).ShouldBe(("piper", "alloy", 1.5f, "Hello"));
        (request.AudioFormat.Encoding, request.AudioFormat.SampleRateHz).ShouldBe((encoding, rate));
    }

    [Fact]
    public async Task Speech_NoFormat_IsMp3()
    {
        using var response = await SpeakAsync(new { input = "Hello" });

        response.Content.Headers.ContentType!.MediaType.ShouldBe("audio/mpeg");
    }

    [Fact]
    public async Task Speech_AsEvents_SendsBase64ThenDone()
    {
        using var response = await SpeakAsync(new { input = "Hello", voice = "joe", response_format = "wav", stream_format = "sse" });

        (await BodyAsync(response)).ShouldBe(
            $"data: {{\"type\":\"speech.audio.delta\",\"audio\":\"{Convert.ToBase64String("first "u8)}\"}}\n\n"
            + $"data: {{\"type\":\"speech.audio.delta\",\"audio\":\"{Convert.ToBase64String("second"u8)}\"}}\n\n"
            + "data: {\"type\":\"speech.audio.done\",\"usage\":{\"type\":\"duration\",\"seconds\":2}}\n\n");
    }

    [Theory]
    [InlineData("""{"voice":"joe"}""", "input")]
    [InlineData("""{"input":""}""", "input")]
    [InlineData("""{"input":5}""", "input")]
    [InlineData("""{"input":"\ud800"}""", "input")]
    [InlineData("""{"input":"a","speed":9}""", "speed")]
    [InlineData("""{"input":"a","speed":"fast"}""", "speed")]
    [InlineData("""{"input":"a","voice":{"id":"voice_1"}}""", "voice")]
    [InlineData("""{"input":"a","response_format":"midi"}""", "response_format")]
    [InlineData("""{"input":"a","stream_format":"telex"}""", "stream_format")]
    [InlineData("""{"input":"a","instructions":"Whisper."}""", "instructions")]
    [InlineData("""{"input":"a","pitch":2}""", "pitch")]
    [InlineData("""{"input":""", null)]
    [InlineData("""{"input":"a","input":"b"}""", null)]
    [InlineData("[]", null)]
    [InlineData("", "input")]
    public async Task Speech_BadBody_Is400NamingTheField(string json, string? param)
    {
        using var response = await PostAsync("speech", new StringContent(json, Encoding.UTF8, "application/json"));

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, param);
        Worker.Speech.Syntheses.ShouldBeEmpty();
    }

    [Fact]
    public async Task Speech_TextTooLong_Is400()
    {
        using var response = await SpeakAsync(new { input = new string('a', 4097) });

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, "input");
    }

    [Fact]
    public async Task Speech_UnknownVoice_Is404()
    {
        Worker.Speech.OnSynthesize = (_, _, _) =>
            throw MeshException.NotFound("voice", "No such voice.", ErrorReasons.VoiceNotFound);

        using var response = await SpeakAsync(new { input = "a", voice = "nobody" });

        await ShouldBeErrorAsync(response, HttpStatusCode.NotFound, "voice", "voice_not_found");
    }

    [Fact]
    public async Task Speech_Mp3WithoutFfmpeg_Is400SayingWhatToInstall()
    {
        Router.Directory.Workers = [Leases.Synthesis("one", Worker.Address, ffmpeg: false)];

        using var response = await SpeakAsync(new { input = "a" });

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, "response_format", "ffmpeg_missing");
        (await BodyAsync(response)).ShouldContain("Install ffmpeg");
    }

    [Fact]
    public async Task Speech_WorkerDiesAfterAudio_CutsTheReply()
    {
        Worker.Speech.OnSynthesize = async (request, responses, context) =>
        {
            await responses.WriteAsync(Events.SynthesisStarted(request, "one"), context.CancellationToken);
            await responses.WriteAsync(Events.Audio("half"), context.CancellationToken);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/speech") { Content = Json(new { input = "a" }) };
        using var response = await Router.Http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).Bounded();
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var half = new byte[4];
        await body.ReadExactlyAsync(half, TestContext.Current.CancellationToken);

        Worker.Die();

        await Should.ThrowAsync<IOException>(() => body.ReadAsync(half, TestContext.Current.CancellationToken).AsTask().Bounded());
    }

    [Fact]
    public async Task Speech_WorkerDiesBeforeAudio_AnotherSpeaks()
    {
        await using var second = await FakeWorker.StartAsync("two");
        Worker.Speech.OnSynthesize = async (request, responses, context) =>
        {
            await responses.WriteAsync(Events.SynthesisStarted(request, "one"), context.CancellationToken);
            await Worker.DieAfterFlushAsync(context);
        };
        Router.Directory.Workers = [Worker.SynthesisLease, second.SynthesisLease];

        using var response = await SpeakAsync(new { input = "a" });

        (await BodyAsync(response)).ShouldBe("first second");
        response.Headers.GetValues("x-whispermesh-worker").ShouldBe(["two"]);
        Worker.Speech.Syntheses.Count.ShouldBe(1);
        second.Speech.Syntheses.ShouldHaveSingleItem().Attempt.ShouldBe(2);
    }

    private Task<HttpResponseMessage> SpeakAsync(object body) => PostAsync("speech", Json(body));

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}
