using System.Net;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Http;

/// <summary>What a request may ask of the engine arrives at the worker, over both APIs, or is refused by its name.</summary>
public sealed class EngineFieldsTests : ApiTest
{
    private static readonly (string, string)[] Form =
    [
        ("keywords[]", "WhisperMesh"), ("keywords[]", "Zoë"), ("beam_size", "5"), ("best_of", "3"), ("carry_context", "true"),
        ("request_class", "bulk"), ("channels", "separate"), ("seed", "-7"), ("compression_ratio_threshold", "2"),
        ("logprob_threshold", "-0.5"), ("no_speech_threshold", "0.25"),
        ("language_switch_windows", "3"), ("language_switch_probability", "0.75"),
    ];

    private static readonly TranscriptionConfig Everything = new()
    {
        Keywords = { "WhisperMesh", "Zoë" },
        BeamSize = 5,
        BestOf = 3,
        CarryContext = true,
        RequestClass = RequestClass.Bulk,
        ChannelMode = ChannelMode.Separate,
        Seed = -7,
        Thresholds = new() { CompressionRatio = 2, LogProbability = -0.5f, NoSpeech = 0.25f },
        LanguageSwitching = new() { WindowCount = 3, Probability = 0.75f },
    };

    public static TheoryData<string, TranscriptionConfig> BadConfigs => new()
    {
        { "task", new() { Task = (TranscriptionTask)9 } },
        { "language_codes", new() { LanguageCodes = { "en", "not a code" } } },
        { "language_codes", new() { LanguageCodes = { "en", "xx" } } },
        { "language_codes", new() { LanguageCodes = { "en" }, LanguageCode = "de" } },
        { "language_codes", new() { LanguageCodes = { Enumerable.Repeat("en", 101) } } },
        { "keywords", new() { Keywords = { "a<b" } } },
        { "keywords", new() { Keywords = { "a\u0000b" } } },
        { "keywords", new() { Keywords = { "" } } },
        { "keywords", new() { Keywords = { new string('k', 65) } } },
        { "keywords", new() { Keywords = { Enumerable.Repeat("k", 101) } } },
        { "beam_size", new() { BeamSize = 17 } },
        { "beam_size", new() { BeamSize = -1 } },
        { "beam_size", new() { BeamSize = 2, Temperature = 0.5f } },
        { "best_of", new() { BestOf = 17 } },
        { "request_class", new() { RequestClass = (RequestClass)9 } },
        { "channel_mode", new() { ChannelMode = (ChannelMode)9 } },
        { "voice_activity.threshold", new() { VoiceActivity = new() { Threshold = float.NaN } } },
        { "voice_activity.silence_duration", new() { VoiceActivity = new() { SilenceDuration = new() { Seconds = 11 } } } },
        { "voice_activity.prefix_padding", new() { VoiceActivity = new() { PrefixPadding = new() { Nanos = -5 } } } },
        { "thresholds.compression_ratio", new() { Thresholds = new() { CompressionRatio = 0 } } },
        { "thresholds.log_probability", new() { Thresholds = new() { LogProbability = float.NegativeInfinity } } },
        { "thresholds.no_speech", new() { Thresholds = new() { NoSpeech = float.NaN } } },
        { "language_switching.window_count", new() { LanguageSwitching = new() { WindowCount = 11 } } },
        { "language_switching.window_count", new() { LanguageSwitching = new() { WindowCount = -1 } } },
        { "language_switching.probability", new() { LanguageSwitching = new() { Probability = 1.5f } } },
        { "language_switching.probability", new() { LanguageSwitching = new() { Probability = float.NaN } } },
    };

    [Theory]
    [InlineData("transcriptions", TranscriptionTask.Transcribe)]
    [InlineData("translations", TranscriptionTask.Translate)]
    public async Task Http_EveryField_ReachesTheWorker(string route, TranscriptionTask task)
    {
        using var response = await PostAsync(route, Forms.Of(Form));

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await BodyAsync(response));
        var expected = Everything.Clone();
        expected.Task = task;
        Arrived().ShouldBe(expected);
    }

    [Theory]
    [InlineData("languages", "keywords", "include")]
    [InlineData("languages[]", "keywords[]", "include[]")]
    public async Task Http_Lists_MayDoWithoutBrackets(string languages, string keywords, string include)
    {
        using var response = await PostAsync(
            "transcriptions", Forms.Of((languages, "en"), (languages, "de-CH"), (keywords, "mesh"), (include, "logprobs")));

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await BodyAsync(response));
        Arrived().ShouldBe(new TranscriptionConfig
        {
            Task = TranscriptionTask.Transcribe,
            LanguageCodes = { "en", "de-CH" },
            Keywords = { "mesh" },
            TokenDetails = true,
        });
    }

    [Theory]
    [InlineData("chunking_strategy", """{"type":"server_vad","threshold":0.75,"silence_duration_ms":400,"prefix_padding_ms":150}""")]
    [InlineData(
        "chunking_strategy[prefix_padding_ms]", "150", "chunking_strategy[type]", "server_vad", "chunking_strategy[threshold]", "0.75",
        "chunking_strategy[silence_duration_ms]", "400")]
    public async Task Http_ChunkingStrategy_ReachesTheWorkerHoweverItIsWritten(params string[] form)
    {
        using var response = await PostAsync("transcriptions", Forms.Of([.. form.Chunk(2).Select(pair => (pair[0], pair[1]))]));

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await BodyAsync(response));
        Arrived().VoiceActivity.ShouldBe(new VoiceActivity
        {
            Threshold = 0.75f,
            SilenceDuration = new() { Nanos = 400_000_000 },
            PrefixPadding = new() { Nanos = 150_000_000 },
        });
    }

    [Fact]
    public async Task Http_ChunkingStrategyAuto_IsTheEnginesOwn()
    {
        using var response = await PostAsync("transcriptions", Forms.Of(("chunking_strategy", "auto")));

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await BodyAsync(response));
        Arrived().VoiceActivity.ShouldBeNull();
    }

    [Theory]
    [InlineData("live", RequestClass.Live)]
    [InlineData("interactive", RequestClass.Interactive)]
    [InlineData("bulk", RequestClass.Bulk)]
    public async Task Http_RequestClass_HasItsName(string value, RequestClass expected)
    {
        using var response = await PostAsync("transcriptions", Forms.Of(("request_class", value)));

        Arrived().RequestClass.ShouldBe(expected);
    }

    [Theory]
    [InlineData("languages[]", "not a code", "languages")]
    [InlineData("languages[]", "xx", "languages")]
    [InlineData("languages", "en,de", "languages")]
    [InlineData("keywords[]", "<mesh>", "keywords")]
    [InlineData("keywords[]", "me\rsh", "keywords")]
    [InlineData("keywords[]", "me\nsh", "keywords")]
    [InlineData("keywords[]", "", "keywords")]
    [InlineData("include[]", "words", "include")]
    [InlineData("beam_size", "17", "beam_size")]
    [InlineData("beam_size", "-1", "beam_size")]
    [InlineData("beam_size", "1.5", "beam_size")]
    [InlineData("beam_size[]", "2", "beam_size[]")]
    [InlineData("best_of", "99999999999", "best_of")]
    [InlineData("best_of", "many", "best_of")]
    [InlineData("carry_context", "perhaps", "carry_context")]
    [InlineData("request_class", "LIVE", "request_class")]
    [InlineData("channels", "2", "channels")]
    [InlineData("seed", "lucky", "seed")]
    [InlineData("compression_ratio_threshold", "0", "compression_ratio_threshold")]
    [InlineData("compression_ratio_threshold", "Infinity", "compression_ratio_threshold")]
    [InlineData("logprob_threshold", "1", "logprob_threshold")]
    [InlineData("no_speech_threshold", "NaN", "no_speech_threshold")]
    [InlineData("no_speech_threshold", "often", "no_speech_threshold")]
    [InlineData("language_switch_windows", "11", "language_switch_windows")]
    [InlineData("language_switch_windows", "some", "language_switch_windows")]
    [InlineData("language_switch_probability", "1.5", "language_switch_probability")]
    public async Task Http_BadValue_Is400NamingTheField(string name, string value, string param)
    {
        using var response = await PostAsync("transcriptions", Forms.Of((name, value)));

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, param);
        Worker.Speech.Configs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("language", "en", "languages[]", "de", "languages")]
    [InlineData("languages[]", "de", "language", "en", "languages")]
    [InlineData("temperature", "0.4", "beam_size", "2", "beam_size")]
    [InlineData("beam_size", "2", "temperature", "0.4", "beam_size")]
    [InlineData("beam_size", "2", "beam_size", "2", "beam_size")]
    [InlineData("include[]", "logprobs", "response_format", "verbose_json", "include")]
    public async Task Http_FieldsThatClash_Is400(string first, string value, string second, string other, string param)
    {
        using var response = await PostAsync("transcriptions", Forms.Of((first, value), (second, other)));

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, param);
    }

    [Fact]
    public async Task Http_AHundredKeywords_AreTakenAndOneMoreIsNot()
    {
        var keywords = Enumerable.Range(0, 101).Select(i => ("keywords[]", $"term {i}")).ToArray();

        using var taken = await PostAsync("transcriptions", Forms.Of(keywords[..100]));
        using var refused = await PostAsync("transcriptions", Forms.Of(keywords));

        Arrived().Keywords.Count.ShouldBe(100);
        await ShouldBeErrorAsync(refused, HttpStatusCode.BadRequest, "keywords");
    }

    [Fact]
    public async Task Grpc_EveryField_ReachesTheWorker()
    {
        var config = Everything.Clone();
        config.LanguageCodes.Add(["en", "de-CH"]);
        config.TokenDetails = true;

        await Router.TranscribeAsync(config, Forms.Wav).Bounded();

        Arrived().ShouldBe(config);
    }

    [Theory]
    [MemberData(nameof(BadConfigs), DisableDiscoveryEnumeration = true)]
    public async Task Grpc_BadValue_NamesTheField(string field, TranscriptionConfig config)
    {
        var call = await Should.ThrowAsync<RpcException>(() => Router.TranscribeAsync(config, Forms.Wav)).Bounded();

        var error = RpcErrorDetails.From(call);
        (error.StatusCode, error.Field).ShouldBe((StatusCode.InvalidArgument, field), error.Message);
        Worker.Speech.Configs.ShouldBeEmpty();
    }

    /// <summary>The configuration that the worker got, without what the router adds.</summary>
    private TranscriptionConfig Arrived()
    {
        var config = Worker.Speech.Configs.ShouldHaveSingleItem().Clone();
        (config.Model, config.RequestId, config.Attempt) = ("", "", 0);
        return config;
    }
}
