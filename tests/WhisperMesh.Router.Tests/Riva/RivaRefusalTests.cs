using Google.Protobuf;
using Grpc.Core;
using Nvidia.Riva;
using Nvidia.Riva.Asr;

namespace WhisperMesh.Router.Tests.Riva;

/// <summary>What can't be honoured is refused by the name that Riva has for it, in streams and for recordings.</summary>
public sealed class RivaRefusalTests : RivaTest
{
    public static TheoryData<string, StatusCode, RecognitionConfig> Refused => new()
    {
        { "max_alternatives", StatusCode.InvalidArgument, new() { MaxAlternatives = 2 } },
        { "max_alternatives", StatusCode.InvalidArgument, new() { MaxAlternatives = -1 } },
        { "profanity_filter", StatusCode.Unimplemented, new() { ProfanityFilter = true } },
        { "verbatim_transcripts", StatusCode.Unimplemented, new() { VerbatimTranscripts = true } },
        { "get_vad_probabilities", StatusCode.Unimplemented, new() { GetVadProbabilities = true } },
        { "custom_configuration", StatusCode.Unimplemented, new() { CustomConfiguration = { ["apply_itn"] = "true" } } },
        {
            "diarization_config.enable_speaker_diarization",
            StatusCode.Unimplemented,
            new() { DiarizationConfig = new SpeakerDiarizationConfig { EnableSpeakerDiarization = true } }
        },
        { "endpointing_config.start_history", StatusCode.Unimplemented, new() { EndpointingConfig = new() { StartHistory = 0 } } },
        { "endpointing_config.start_threshold", StatusCode.Unimplemented, new() { EndpointingConfig = new() { StartThreshold = 0.5f } } },
        { "endpointing_config.stop_threshold", StatusCode.Unimplemented, new() { EndpointingConfig = new() { StopThreshold = 0.98f } } },
        { "endpointing_config.stop_history_eou", StatusCode.Unimplemented, new() { EndpointingConfig = new() { StopHistoryEou = 240 } } },
        { "endpointing_config.stop_threshold_eou", StatusCode.Unimplemented, new() { EndpointingConfig = new() { StopThresholdEou = 0.9f } } },
        { "endpointing_config.stop_history", StatusCode.InvalidArgument, new() { EndpointingConfig = new() { StopHistory = 50 } } },
        { "speech_contexts.boost", StatusCode.InvalidArgument, new() { SpeechContexts = { new SpeechContext { Boost = -1 } } } },
        { "speech_contexts.boost", StatusCode.InvalidArgument, new() { SpeechContexts = { new SpeechContext { Boost = float.NaN } } } },
        { "sample_rate_hertz", StatusCode.InvalidArgument, new() { SampleRateHertz = 100 } },
        { "audio_channel_count", StatusCode.InvalidArgument, new() { AudioChannelCount = 65 } },
    };

    public static TheoryData<string, StatusCode, RecognitionConfig> RefusedInStreams => new()
    {
        { "enable_separate_recognition_per_channel", StatusCode.Unimplemented, new() { EnableSeparateRecognitionPerChannel = true } },
        { "encoding", StatusCode.Unimplemented, new() { Encoding = AudioEncoding.Flac } },
        { "encoding", StatusCode.Unimplemented, new() { Encoding = AudioEncoding.Oggopus } },
        { "encoding", StatusCode.InvalidArgument, new() { Encoding = (AudioEncoding)9 } },
    };

    public static TheoryData<string, StatusCode, RecognitionConfig> RefusedForRecordings => new()
    {
        { "language_code", StatusCode.InvalidArgument, new() { LanguageCode = "not a code" } },
        { "language_code", StatusCode.InvalidArgument, new() { LanguageCode = "xx" } },
        { "model", StatusCode.NotFound, new() { Model = "conformer" } },
        { "speech_contexts", StatusCode.InvalidArgument, new() { SpeechContexts = { new SpeechContext { Phrases = { new string('k', 65) } } } } },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(RefusedInStreams), DisableDiscoveryEnumeration = true)]
    public async Task StreamingRecognize_FieldThatCantBeHonoured_IsRefusedByItsName(string field, StatusCode status, RecognitionConfig change)
    {
        using var call = Open();
        await WriteAsync(call, Configuration(With(change)));

        var error = await ErrorAsync(call);

        (error.StatusCode, error.Field).ShouldBe((status, "streaming_config.config." + field), error.Message);
        Sessions.All.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(RefusedForRecordings), DisableDiscoveryEnumeration = true)]
    public async Task Recognize_FieldThatCantBeHonoured_IsRefusedByItsName(string field, StatusCode status, RecognitionConfig change)
    {
        var request = new RecognizeRequest { Config = With(change), Audio = ByteString.CopyFrom(new byte[3200]) };

        var error = await ErrorAsync(Client.RecognizeAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);

        (error.StatusCode, error.Field).ShouldBe((status, "config." + field), error.Message);
        Worker.Speech.Configs.ShouldBeEmpty();
    }

    [Fact]
    public async Task StreamingRecognize_FieldOfANewerProto_IsRefusedRatherThanNotSeen()
    {
        // Field 99, a varint, of a configuration.
        var config = RecognitionConfig.Parser.ParseFrom([.. Samples.ToByteArray(), 0x98, 0x06, 0x01]);
        using var call = Open();
        await WriteAsync(call, Configuration(config));

        var error = await ErrorAsync(call);

        (error.StatusCode, error.Field).ShouldBe((StatusCode.Unimplemented, "streaming_config.config"));
    }

    [Fact]
    public async Task StreamingRecognize_BadId_IsRefused()
    {
        var first = Configuration(Samples);
        first.Id = new RequestId { Value = "not an id" };
        using var call = Open();
        await WriteAsync(call, first);

        var error = await ErrorAsync(call);

        (error.StatusCode, error.Field).ShouldBe((StatusCode.InvalidArgument, "id.value"));
    }

    private static RecognitionConfig With(RecognitionConfig change)
    {
        var config = Samples;
        config.MergeFrom(change);
        return config;
    }
}
