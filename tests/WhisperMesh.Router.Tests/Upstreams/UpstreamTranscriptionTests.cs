using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Upstreams;

/// <summary>What an upstream is asked, and what becomes of its answer.</summary>
public sealed class UpstreamTranscriptionTests : UpstreamTest
{
    [Fact]
    public async Task Http_VerboseJson_ComesFromTheUpstreamAndSaysSo()
    {
        await StartAsync(Settings());

        using var response = await PostAsync(
            "transcriptions", Wav(8.47), ("response_format", "verbose_json"), ("timestamp_granularities[]", "segment"),
            ("timestamp_granularities[]", "word"));

        var json = await JsonAsync(response);
        json.GetProperty("language").GetString().ShouldBe("english");
        json.GetProperty("duration").GetDouble().ShouldBe(8.47);
        json.GetProperty("text").GetString().ShouldBe("The beach was popular. We swam.");
        var segments = json.GetProperty("segments");
        segments.GetArrayLength().ShouldBe(2);
        segments[0].GetProperty("end").GetDouble().ShouldBe(3.32);
        segments[0].GetProperty("tokens").GetArrayLength().ShouldBe(7);
        segments[0].GetProperty("avg_logprob").GetDouble().ShouldBe(-0.286, 0.001);
        segments[0].GetProperty("whispermesh").GetProperty("verdict").GetString().ShouldBe("ok");
        segments[1].GetProperty("whispermesh").GetProperty("verdict").GetString().ShouldBe("suspected_silence");
        json.GetProperty("words").EnumerateArray().Select(word => word.GetProperty("word").GetString()).ShouldBe(["The", "beach", "We"]);
        response.Headers.GetValues("x-whispermesh-external").ShouldBe(["true"]);
        response.Headers.GetValues("x-whispermesh-worker").ShouldBe(["upstream:cloud"]);
        response.Headers.GetValues("x-whispermesh-model").ShouldBe(["cloud-whisper"]);
    }

    [Fact]
    public async Task Http_Transcription_SendsFileAndFieldsAsOpenAiHasThem()
    {
        await StartAsync(Settings());
        var wav = Wav(0.5);

        using var response = await PostAsync(
            "transcriptions", wav, ("language", "en-GB"), ("prompt", "beach"), ("temperature", "0.4"), ("keywords[]", "Zoë"),
            ("keywords[]", "mesh"), ("response_format", "verbose_json"), ("timestamp_granularities[]", "word"));

        await JsonAsync(response);
        var request = Upstream.Requests.ShouldHaveSingleItem();
        (request.Method, request.Path, request.Authorization).ShouldBe(("POST", "/v1/audio/transcriptions", ""));
        request.HasLength.ShouldBeTrue();
        request.Fields.ShouldBe(
            [
                ("model", "whisper-1"), ("response_format", "verbose_json"), ("language", "en"), ("prompt", "Zoë, mesh. beach"),
                ("temperature", "0.4"), ("timestamp_granularities[]", "segment"), ("timestamp_granularities[]", "word"),
            ],
            ignoreOrder: true);
        (request.FileName, request.FileType).ShouldBe(("audio.wav", "audio/wav"));
        request.File.ShouldBe(wav);
        request.HeaderNames.ShouldNotContain("traceparent");
    }

    [Fact]
    public async Task Http_Translation_GoesToTheTranslationsEndpoint()
    {
        await StartAsync(Settings());

        using var response = await PostAsync("translations", Wav(1));

        await JsonAsync(response);
        Upstream.Requests.ShouldHaveSingleItem().Path.ShouldBe("/v1/audio/translations");
    }

    [Fact]
    public async Task Http_Key_GoesAlongAsBearer()
    {
        Environment.SetEnvironmentVariable("WHISPERMESH_TEST_KEY_ALONG", "sk-along");
        await StartAsync(Settings() with { KeyEnvironment = "WHISPERMESH_TEST_KEY_ALONG" });

        using var response = await PostAsync("transcriptions", Wav(1));

        await JsonAsync(response);
        Upstream.Requests.ShouldHaveSingleItem().Authorization.ShouldBe("Bearer sk-along");
    }

    [Theory]
    [InlineData("json", """{"text":" Hello there. ","languages":[{"code":"de"}],"usage":{"type":"duration","seconds":4}}""", "de")]
    [InlineData("text", " Hello there.\n", "")]
    public async Task Grpc_UpstreamWithoutTimes_GivesOneSegmentAndWarns(string format, string answer, string language)
    {
        Upstream.Answer = context => FakeOpenAi.JsonAsync(context, 200, answer);
        await StartAsync(Settings(Model("transcribe") with { ResponseFormat = format }));

        var events = await Router.TranscribeAsync(new TranscriptionConfig { Model = "cloud-whisper" }, Wav(3.5)).Bounded();

        var segment = events.Single(e => e.Segment is not null).Segment;
        (segment.Text, segment.LanguageCode).ShouldBe(("Hello there.", language));
        segment.SegmentDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(3.5));
        var summary = events[^1].Summary;
        summary.AudioDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(3.5));
        summary.Route.External.ShouldBeTrue();
        summary.Warnings.ShouldBe(["The upstream 'cloud' gives no times: its text is one segment."]);
    }

    [Fact]
    public async Task Grpc_WhatTheUpstreamCanNotDo_IsWarnedOf()
    {
        await StartAsync(Settings());
        var config = new TranscriptionConfig
        {
            Model = "cloud-whisper",
            LanguageCodes = { "de", "fr" },
            Keywords = { "mesh" },
            BestOf = 3,
            CarryContext = true,
            Seed = 7,
            TokenDetails = true,
            Thresholds = new() { NoSpeech = 0.5f },
            VoiceActivity = new() { Threshold = 0.7f },
            LanguageSwitching = new() { WindowCount = 3 },
        };

        var events = await Router.TranscribeAsync(config, Wav(1)).Bounded();

        events[^1].Summary.Warnings.ShouldBe(
        [
            "The upstream 'cloud' detects the language among all that it knows.",
            "The upstream 'cloud' has no field for keywords: they stand before the prompt.",
            "The upstream 'cloud' can't be told how many texts to sample.",
            "The upstream 'cloud' can't be told to carry the context over.",
            "The upstream 'cloud' can't be told a seed.",
            "The upstream 'cloud' can't be told a threshold of the no-speech probability.",
            "The upstream 'cloud' can't be told how to tell speech from silence.",
            "The upstream 'cloud' gives no log probabilities of tokens.",
            "The upstream 'cloud' can't be told when to switch the language.",
            "The upstream 'cloud' heard 'en', which is none of the languages allowed.",
        ]);
    }

    [Fact]
    public async Task Grpc_UpstreamThatReadsAllFields_GetsThem()
    {
        await StartAsync(Settings(Model() with { Fields = ["*"] }));
        var config = new TranscriptionConfig
        {
            Model = "cloud-whisper",
            LanguageCodes = { "de", "en" },
            Keywords = { "mesh" },
            BeamSize = 3,
            ChannelMode = ChannelMode.Separate,
            Seed = 7,
            RequestClass = RequestClass.Bulk,
            VoiceActivity = new() { Threshold = 0.75f, SilenceDuration = new() { Nanos = 400_000_000 } },
        };

        var events = await Router.TranscribeAsync(config, Wav(1)).Bounded();

        Upstream.Requests.ShouldHaveSingleItem().Fields.ShouldBe(
            [
                ("model", "whisper-1"), ("response_format", "verbose_json"), ("languages[]", "de"), ("languages[]", "en"),
                ("keywords[]", "mesh"), ("beam_size", "3"), ("channels", "separate"), ("seed", "7"), ("request_class", "bulk"),
                ("chunking_strategy", """{"type":"server_vad","threshold":0.75,"silence_duration_ms":400}"""),
            ],
            ignoreOrder: true);
        events[^1].Summary.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Grpc_FeatureThatTheUpstreamLacks_IsNotRoutedThere()
    {
        await StartAsync(Settings(Model("transcribe")));

        var config = new TranscriptionConfig { Model = "cloud-whisper", BeamSize = 3 };
        var error = await Should.ThrowAsync<RpcException>(() => Router.TranscribeAsync(config, Wav(1))).Bounded();

        RpcErrorDetails.From(error).Field.ShouldBe("beam_size");
        Upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Grpc_BareSamples_GetAWavHeader()
    {
        await StartAsync(Settings());
        var config = new TranscriptionConfig
        {
            Model = "cloud-whisper",
            AudioFormat = new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 8000, ChannelCount = 1 },
        };
        var samples = new byte[16000];

        var events = await Router.TranscribeAsync(config, samples[..6000], samples[6000..]).Bounded();

        Upstream.Requests.ShouldHaveSingleItem().File.ShouldBe(Wav(1, rate: 8000));
        events[^1].Summary.AudioDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Grpc_WhisperCppsWords_AreJoinedFromItsTokens()
    {
        Upstream.Answer = context => FakeOpenAi.JsonAsync(
            context,
            200,
            """
            {"task":"transcribe","language":"german","duration":2.5,"text":" Das Netzwerk.","detected_language":"german",
             "language_probabilities":{"de":0.9,"nl":0.08,"xx":0.01},
             "segments":[{"id":0,"text":" Das Netzwerk.","start":0.0,"end":2.5,"tokens":[1,2,3,4],"temperature":0.0,"avg_logprob":null,
              "words":[{"word":" Das","start":0.0,"end":0.5,"probability":0.9},{"word":" Netz","start":0.5,"end":1.0,"probability":0.5},
                       {"word":"werk","start":1.0,"end":1.5},{"word":".","start":1.5,"end":1.6}]}]}
            """);
        await StartAsync(Settings(Model() with { AutoLanguage = "auto" }));

        var events = await Router.TranscribeAsync(new() { Model = "cloud-whisper", WordTimestamps = true }, Wav(2.5)).Bounded();

        Upstream.Requests.ShouldHaveSingleItem().Field("language").ShouldBe("auto");
        var segment = events.Single(e => e.Segment is not null).Segment;
        segment.Words.Select(word => (word.Text, word.WordDuration.ToTimeSpan().TotalSeconds)).ShouldBe([("Das", 0.5), ("Netzwerk.", 1.1)]);
        segment.Verdict.ShouldBe(SegmentVerdict.Unspecified);
        events[^1].Summary.LanguageCode.ShouldBe("de");
        events[^1].Summary.LanguageProbabilities.Select(language => language.LanguageCode).ShouldBe(["de", "nl"]);
    }

    [Fact]
    public async Task Configuration_ThatChanges_CountsFromTheNextRequestOn()
    {
        await StartAsync(Settings());
        using var before = await PostAsync("transcriptions", Wav(1));

        Configuration.Current = Configuration.Current with { Upstreams = [Settings(Model() with { Id = "whisper-2" })] };
        using var after = await PostAsync("transcriptions", Wav(1));
        Configuration.Current = Configuration.Current with { Upstreams = [] };
        using var gone = await PostAsync("transcriptions", Wav(1));

        Upstream.Requests.Select(request => request.Field("model")).ShouldBe(["whisper-1", "whisper-2"]);
        ((int)gone.StatusCode).ShouldBeOneOf(404, 503);
    }
}
