using System.Text.Json;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>What the npm package <c>openai</c> gets from the mesh, in one run of it.</summary>
public sealed class OpenAiRun(StandardMesh standard) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("whispermesh-it-openai-").FullName;

    internal JsonElement Result { get; private set; }

    public async ValueTask InitializeAsync() => Result = await NodeClients.RunAsync(
        "openai-client.mjs", new Uri(standard.Mesh.Router.Http, "/v1").ToString(), Repository.Speech, _folder);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

[Collection(StandardMesh.Collection)]
public sealed class OpenAiClientTests(OpenAiRun run) : IClassFixture<OpenAiRun>
{
    private const string Sentence = "Please leave your message after the tone.";
    private static readonly string Intro = Recordings.Named("en-vm-intro.wav").Text;

    [Fact]
    public void Transcription_JsonAndText_HaveTheWords()
    {
        WordErrorRate.Errors(Intro, Format("json").GetProperty("text").GetString()!).ShouldBeLessThanOrEqualTo(1);
        WordErrorRate.Errors(Intro, Format("text").GetString()!).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Transcription_Subtitles_AreWellFormed()
    {
        var srt = Format("srt").GetString()!;
        srt.ShouldStartWith("1\n00:00:0");
        srt.ShouldMatch(@"\d\d:\d\d:\d\d,\d\d\d --> 00:00:0\d,\d\d\d\n.*message");
        var vtt = Format("vtt").GetString()!;
        vtt.ShouldStartWith("WEBVTT\n\n");
        vtt.ShouldMatch(@"\.\d\d\d --> (00:)?00:0\d\.\d\d\d\n.*message");
    }

    [Fact]
    public void Transcription_VerboseJson_HasSegmentsWithinTheAudio()
    {
        var verbose = Format("verbose_json");
        verbose.GetProperty("task").GetString().ShouldBe("transcribe");
        verbose.GetProperty("language").GetString().ShouldBe("english");
        verbose.GetProperty("duration").GetDouble().ShouldBe(5.65, tolerance: 0.05);
        var segments = verbose.GetProperty("segments").EnumerateArray().ToList();
        segments.ShouldNotBeEmpty();
        segments.ShouldAllBe(segment => segment.GetProperty("start").GetDouble() < segment.GetProperty("end").GetDouble());
        segments.ShouldAllBe(segment => segment.GetProperty("end").GetDouble() <= 5.7);
        segments.ShouldAllBe(segment => segment.GetProperty("avg_logprob").GetDouble() < 0 && segment.GetProperty("tokens").GetArrayLength() > 0);
    }

    [Fact]
    public void Translation_Spanish_IsEnglish() =>
        run.Result.GetProperty("translation").GetProperty("text").GetString()!.ToLowerInvariant().ShouldContain("conference");

    [Fact]
    public void Streaming_Events_AddUpToTheText()
    {
        var events = run.Result.GetProperty("events").EnumerateArray().ToList();
        var done = events[^1];
        done.GetProperty("type").GetString().ShouldBe("transcript.text.done");
        var text = done.GetProperty("text").GetString()!;
        WordErrorRate.Errors(Intro, text).ShouldBeLessThanOrEqualTo(1);
        string.Concat(events.SkipLast(1).Select(Delta)).Trim().ShouldBe(text);

        static string Delta(JsonElement @event)
        {
            @event.GetProperty("type").GetString().ShouldBe("transcript.text.delta");
            return @event.GetProperty("delta").GetString()!;
        }
    }

    [Fact]
    public void Models_Always_AreTheMeshes() =>
        run.Result.GetProperty("models").EnumerateArray().Select(id => id.GetString()).ShouldContain("whisper-base");

    [Theory]
    [InlineData("wav")]
    [InlineData("mp3")]
    [InlineData("flac")]
    [InlineData("opus")]
    [InlineData("aac")]
    public void Speech_SavedAndSentBack_IsHeard(string format) =>
        WordErrorRate.Errors(Sentence, run.Result.GetProperty("speech").GetProperty(format).GetProperty("heard").GetString()!)
            .ShouldBeLessThanOrEqualTo(1);

    [Fact]
    public void Speech_Pcm_IsAsLongAsTheSentence() =>
        // At least a second of 16-bit samples at 22 or 24 kHz.
        run.Result.GetProperty("speech").GetProperty("pcm").GetProperty("bytes").GetInt32().ShouldBeGreaterThan(44_000);

    [Theory]
    [InlineData("temperature", 400, "BadRequestError")]
    [InlineData("language", 400, "BadRequestError")]
    [InlineData("response_format", 400, "BadRequestError")]
    [InlineData("file", 400, "BadRequestError")]
    [InlineData("speed", 400, "BadRequestError")]
    [InlineData("input", 400, "BadRequestError")]
    [InlineData("model", 404, "NotFoundError")]
    [InlineData("voice", 404, "NotFoundError")]
    public void Error_OfEachKind_IsTheClientsOwnWithItsParam(string param, int status, string errorClass)
    {
        var error = run.Result.GetProperty("errors").GetProperty(param);

        error.ValueKind.ShouldBe(JsonValueKind.Object, "the call succeeded");
        error.GetProperty("class").GetString().ShouldBe(errorClass);
        error.GetProperty("status").GetInt32().ShouldBe(status);
        error.GetProperty("param").GetString().ShouldBe(param);
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
    }

    private JsonElement Format(string name) => run.Result.GetProperty("formats").GetProperty(name);
}
