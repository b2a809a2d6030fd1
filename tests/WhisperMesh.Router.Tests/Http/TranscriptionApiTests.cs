using System.Net;
using System.Text.Json;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Http;

public sealed class TranscriptionApiTests : ApiTest
{
    private const string Transcriptions = "transcriptions";
    private const string Translations = "translations";

    [Fact]
    public async Task Transcriptions_Json_GivesTextUsageAndRoute()
    {
        using var response = await PostAsync(Transcriptions, Forms.Of(("model", "whisper-1"), ("language", "en"), ("prompt", "Hello")));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await BodyAsync(response)).ShouldBe(
            """{"text":"2016 bytes by one","languages":[{"code":"en"}],"usage":{"type":"duration","seconds":3},"whispermesh":{"request_id":"""
            + $"\"{response.Headers.GetValues("x-request-id").Single()}\","
            + "\"route\":" + """{"name":"default","worker":"one","model":"whisper-base","reason":"only","attempts":1,"external":false,"notes":[]},"""
            + "\"languages\":[],\"warnings\":[]}}");
        response.Headers.Contains("x-whispermesh-warnings").ShouldBeFalse();
        response.Headers.GetValues("x-whispermesh-worker").ShouldBe(["one"]);
        response.Headers.GetValues("x-whispermesh-model").ShouldBe(["whisper-base"]);
        var config = Worker.Speech.Configs.ShouldHaveSingleItem();
        response.Headers.GetValues("x-request-id").ShouldBe([config.RequestId]);
        (config.Model, config.LanguageCode, config.Prompt, config.Attempt).ShouldBe(("whisper-base", "en", "Hello", 1));
    }

    [Theory]
    [InlineData("text", "text/plain", "2016 bytes by one\n")]
    [InlineData("srt", "text/plain", "1\n00:00:00,000 --> 00:00:01,500\n2016 bytes\n\n2\n00:00:01,500 --> 00:00:02,500\nby one\n\n")]
    [InlineData("vtt", "text/vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n2016 bytes\n\n00:00:01.500 --> 00:00:02.500\nby one\n\n")]
    public async Task Transcriptions_TextFormats_GiveTheirShape(string format, string contentType, string expected)
    {
        using var response = await PostAsync(Transcriptions, Forms.Of(("response_format", format)));

        response.Content.Headers.ContentType!.MediaType.ShouldBe(contentType);
        (await BodyAsync(response)).ShouldBe(expected);
    }

    [Fact]
    public async Task Transcriptions_VerboseJsonWithWords_GivesSegmentsAndWords()
    {
        using var response = await PostAsync(Transcriptions, Forms.Of(
            ("response_format", "verbose_json"), ("timestamp_granularities[]", "word"), ("timestamp_granularities[]", "segment")));

        var json = JsonDocument.Parse(await BodyAsync(response)).RootElement;
        json.GetProperty("task").GetString().ShouldBe("transcribe");
        json.GetProperty("language").GetString().ShouldBe("english");
        json.GetProperty("duration").GetDouble().ShouldBe(2.5);
        json.GetProperty("words")[1].ToString().ShouldBe("""{"word":"by one","start":1.5,"end":2}""");
        json.GetProperty("segments")[1].ToString().ShouldBe(
            """{"id":1,"seek":150,"start":1.5,"end":2.5,"text":" by one","tokens":[50364,440,50414],"temperature":0,"""
            + "\"avg_logprob\":-0.25,\"compression_ratio\":1.5,\"no_speech_prob\":0.125,\"whispermesh\":{\"verdict\":\"ok\"}}");
        Worker.Speech.Configs.ShouldHaveSingleItem().WordTimestamps.ShouldBeTrue();
    }

    [Fact]
    public async Task Transcriptions_WordsOnly_LeavesSegmentsOut()
    {
        using var response = await PostAsync(
            Transcriptions, Forms.Of(("response_format", "verbose_json"), ("timestamp_granularities", "word")));

        var json = JsonDocument.Parse(await BodyAsync(response)).RootElement;
        json.TryGetProperty("segments", out _).ShouldBeFalse();
        json.GetProperty("words").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Transcriptions_WordsThatNoWorkerGives_Is400()
    {
        Router.Directory.Workers = [Leases.Transcription("one", Worker.Address, features: ["transcribe"])];

        using var response = await PostAsync(
            Transcriptions, Forms.Of(("response_format", "verbose_json"), ("timestamp_granularities[]", "word")));

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, "timestamp_granularities");
    }

    [Fact]
    public async Task Transcriptions_Stream_SendsDeltasThenDone()
    {
        using var response = await PostAsync(Transcriptions, Forms.Of(("stream", "true")));

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await BodyWithoutNotesAsync(response)).ShouldBe(
            "data: {\"type\":\"transcript.text.delta\",\"delta\":\"2016 bytes\"}\n\n"
            + "data: {\"type\":\"transcript.text.delta\",\"delta\":\" by one\"}\n\n"
            + "data: {\"type\":\"transcript.text.done\",\"text\":\"2016 bytes by one\",\"languages\":[{\"code\":\"en\"}],\"usage\":{\"type\":\"duration\",\"seconds\":3}}\n\n");
    }

    [Fact]
    public async Task Transcriptions_StreamWithTimes_SendsEachSegmentWithItsWords()
    {
        using var response = await PostAsync(Transcriptions, Forms.Of(("stream", "true"), ("timestamp_granularities[]", "word")));

        var lines = (await BodyAsync(response)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(5);
        lines[1].ShouldBe(
            """data: {"type":"transcript.text.segment","id":"0","start":0,"end":1.5,"text":" 2016 bytes","language":"en","""
            + """ "words":[{"word":"2016 bytes","start":0,"end":0.5}],"whispermesh":{"verdict":"ok"}}""".TrimStart());
        lines[3].ShouldStartWith("""data: {"type":"transcript.text.segment","id":"1",""");
    }

    [Fact]
    public async Task Transcriptions_StreamWithTimesOfSegments_HasNoWords()
    {
        using var response = await PostAsync(Transcriptions, Forms.Of(("stream", "true"), ("timestamp_granularities[]", "segment")));

        var body = await BodyAsync(response);
        body.ShouldContain("transcript.text.segment");
        body.ShouldNotContain("\"words\"");
        Worker.Speech.Configs.ShouldHaveSingleItem().WordTimestamps.ShouldBeFalse();
    }

    [Fact]
    public async Task Transcriptions_OwnRequestId_IsEchoedAndPassedOn()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = Forms.Of() };
        request.Headers.Add("x-request-id", "job-7");

        using var response = await Router.Http.SendAsync(request, TestContext.Current.CancellationToken).Bounded();

        response.Headers.GetValues("x-request-id").ShouldBe(["job-7"]);
        Worker.Speech.Configs.ShouldHaveSingleItem().RequestId.ShouldBe("job-7");
    }

    [Fact]
    public async Task Translations_VerboseJson_IsEnglish()
    {
        using var response = await PostAsync(Translations, Forms.Of(("response_format", "verbose_json")));

        var json = JsonDocument.Parse(await BodyAsync(response)).RootElement;
        json.GetProperty("task").GetString().ShouldBe("translate");
        json.GetProperty("language").GetString().ShouldBe("english");
        Worker.Speech.Configs.ShouldHaveSingleItem().Task.ShouldBe(WhisperMesh.Speech.V1.TranscriptionTask.Translate);
    }

    [Theory]
    [InlineData("temperature", "3", "temperature")]
    [InlineData("temperature", "warm", "temperature")]
    [InlineData("temperature", "NaN", "temperature")]
    [InlineData("response_format", "diarized_json", "response_format")]
    [InlineData("response_format", "yaml", "response_format")]
    [InlineData("language", "xx", "language")]
    [InlineData("language", "not a code", "language")]
    [InlineData("timestamp_granularities[]", "word", "timestamp_granularities")]
    [InlineData("timestamp_granularities[]", "syllable", "timestamp_granularities")]
    [InlineData("stream", "maybe", "stream")]
    [InlineData("model", "", "model")]
    [InlineData("chunking_strategy", "manual", "chunking_strategy")]
    [InlineData("chunking_strategy", "5", "chunking_strategy")]
    [InlineData("chunking_strategy", "{\"threshold\":0.5}", "chunking_strategy")]
    [InlineData("chunking_strategy", "{\"type\":\"semantic_vad\"}", "chunking_strategy")]
    [InlineData("chunking_strategy", "{\"type\":\"server_vad\",\"threshold\":1.5}", "chunking_strategy")]
    [InlineData("chunking_strategy", "{\"type\":\"server_vad\",\"threshold\":\"loud\"}", "chunking_strategy")]
    [InlineData("chunking_strategy", "{\"type\":\"server_vad\",\"silence_duration_ms\":10001}", "chunking_strategy")]
    [InlineData("chunking_strategy", "{\"type\":\"server_vad\",\"silence_duration_ms\":-1}", "chunking_strategy")]
    [InlineData("chunking_strategy", "{\"type\":\"server_vad\",\"prefix_padding_ms\":2001}", "chunking_strategy")]
    [InlineData("chunking_strategy", "{\"type\":\"server_vad\",\"prefix_padding_ms\":1.5}", "chunking_strategy")]
    [InlineData("chunking_strategy", "{\"type\":\"server_vad\",\"idle_ms\":1}", "chunking_strategy")]
    [InlineData("chunking_strategy", "{\"type\":\"server_vad\"", "chunking_strategy")]
    [InlineData("chunking_strategy[threshold]", "0.5", "chunking_strategy")]
    [InlineData("chunking_strategy[type]", "auto", "chunking_strategy")]
    [InlineData("chunking_strategy[]", "auto", "chunking_strategy[]")]
    [InlineData("known_speaker_names[]", "Ann", "known_speaker_names[]")]
    [InlineData("colour", "red", "colour")]
    public async Task Transcriptions_BadField_Is400NamingIt(string name, string value, string param)
    {
        using var response = await PostAsync(Transcriptions, Forms.Of((name, value)));

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, param);
        Worker.Speech.Configs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("language", "en")]
    [InlineData("languages[]", "en")]
    [InlineData("include[]", "logprobs")]
    [InlineData("stream", "true")]
    [InlineData("timestamp_granularities[]", "segment")]
    public async Task Translations_FieldOfTranscriptionsOnly_Is400(string name, string value)
    {
        using var response = await PostAsync(Translations, Forms.Of((name, value)));

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, name);
    }

    [Theory]
    [InlineData("stream", "true", "response_format", "srt", "response_format")]
    [InlineData("language", "en", "language", "de", "language")]
    public async Task Transcriptions_FieldsThatClash_Is400(string first, string value, string second, string other, string param)
    {
        using var response = await PostAsync(Transcriptions, Forms.Of((first, value), (second, other)));

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, param);
    }

    [Fact]
    public async Task Transcriptions_UnknownModel_Is404()
    {
        using var response = await PostAsync(Transcriptions, Forms.Of(("model", "whisper-9")));

        await ShouldBeErrorAsync(response, HttpStatusCode.NotFound, "model", "model_not_found");
    }

    [Fact]
    public async Task Transcriptions_NoFile_Is400()
    {
        using var response = await PostAsync(Transcriptions, Forms.WithFile(null, ("model", "whisper-1")));

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, "file");
    }

    [Fact]
    public async Task Transcriptions_EmptyBodyOrFile_Is400()
    {
        using var emptyBody = await PostAsync(Transcriptions, new ByteArrayContent([]));
        using var emptyFile = await PostAsync(Transcriptions, Forms.WithFile([]));

        await ShouldBeErrorAsync(emptyBody, HttpStatusCode.BadRequest, "file");
        await ShouldBeErrorAsync(emptyFile, HttpStatusCode.BadRequest, "file");
    }

    [Fact]
    public async Task Transcriptions_OtherContentType_Is415()
    {
        using var response = await PostAsync(Transcriptions, new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));

        await ShouldBeErrorAsync(response, HttpStatusCode.UnsupportedMediaType, null);
    }

    [Fact]
    public async Task Transcriptions_BadRequestId_Is400()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = Forms.Of() };
        request.Headers.Add("x-request-id", "has spaces");

        using var response = await Router.Http.SendAsync(request, TestContext.Current.CancellationToken).Bounded();

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, "x-request-id");
    }

    [Theory]
    [InlineData("GET", "/v1/audio/transcriptions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("POST", "/", HttpStatusCode.MethodNotAllowed)]
    public async Task AnyRequest_UnknownRoute_HasOpenAisErrorShape(string method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await Router.Http.SendAsync(request, TestContext.Current.CancellationToken).Bounded();

        await ShouldBeErrorAsync(response, expected, null);
    }
}
