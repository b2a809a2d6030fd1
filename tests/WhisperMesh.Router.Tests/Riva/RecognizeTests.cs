using Google.Protobuf;
using Grpc.Core;
using Nvidia.Riva;
using Nvidia.Riva.Asr;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;
using OurEncoding = WhisperMesh.Speech.V1.AudioEncoding;
using TheirEncoding = Nvidia.Riva.AudioEncoding;

namespace WhisperMesh.Router.Tests.Riva;

public sealed class RecognizeTests : RivaTest
{
    [Fact]
    public async Task Recognize_Samples_ReachTheWorkerAsDescribed()
    {
        var config = Samples;
        config.AudioChannelCount = 2;
        config.EnableSeparateRecognitionPerChannel = true;
        config.EnableWordTimeOffsets = true;
        config.EndpointingConfig = new EndpointingConfig { StopHistory = 500 };
        config.SpeechContexts.Add(new SpeechContext { Phrases = { "mesh" } });

        await RecognizeAsync(config, new byte[6400], "rec.1");

        var arrived = Worker.Speech.Configs.ShouldHaveSingleItem().Clone();
        (arrived.Model, arrived.Attempt) = ("", 0);
        arrived.ShouldBe(new TranscriptionConfig
        {
            RequestId = "rec.1",
            LanguageCode = "en-US",
            WordTimestamps = true,
            ChannelMode = ChannelMode.Separate,
            Keywords = { "mesh" },
            VoiceActivity = new VoiceActivity { SilenceDuration = new() { Nanos = 500_000_000 } },
            AudioFormat = new AudioFormat { Encoding = OurEncoding.PcmS16Le, SampleRateHz = 16_000, ChannelCount = 2 },
        });
    }

    [Theory]
    [InlineData(TheirEncoding.LinearPcm)]
    [InlineData(TheirEncoding.EncodingUnspecified)]
    public async Task Recognize_WavFile_IsReadAsOne(TheirEncoding encoding)
    {
        var response = await RecognizeAsync(new RecognitionConfig { Encoding = encoding, LanguageCode = "multi" }, Forms.Wav, "rec.2");

        var arrived = Worker.Speech.Configs.ShouldHaveSingleItem();
        (arrived.AudioFormat, arrived.LanguageCode).ShouldBe((null, ""));
        response.Id.Value.ShouldBe("rec.2");
        response.Results.Select(result => result.Alternatives.Single().Transcript).ShouldBe([$"{Forms.Wav.Length} bytes", "by one"]);
        response.Results.Select(result => (result.ChannelTag, result.AudioProcessed)).ShouldBe([(1, 1.5f), (1, 2.5f)]);
    }

    [Fact]
    public async Task GetConfig_Always_HasEachModelOnlineAndOffline()
    {
        var all = await Client.GetRivaSpeechRecognitionConfigAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        var one = await Client.GetRivaSpeechRecognitionConfigAsync(
            new() { ModelName = "whisper-1" }, cancellationToken: TestContext.Current.CancellationToken);

        all.ShouldBe(one);
        all.ModelConfig.Select(model => (model.ModelName, model.Parameters["type"], model.Parameters["streaming"])).ShouldBe(
            [("whisper-base", "online", "True"), ("whisper-base", "offline", "False")]);
        all.ModelConfig[0].Parameters["language_code"].ShouldBe("de,en,ja");
    }

    [Fact]
    public async Task GetConfig_UnknownModel_IsNotFound()
    {
        var call = Client.GetRivaSpeechRecognitionConfigAsync(
            new() { ModelName = "conformer" }, cancellationToken: TestContext.Current.CancellationToken);

        var error = await ErrorAsync(call.ResponseAsync);

        (error.StatusCode, error.Field).ShouldBe((StatusCode.NotFound, "model_name"));
    }

    private Task<RecognizeResponse> RecognizeAsync(RecognitionConfig config, byte[] audio, string id)
    {
        var request = new RecognizeRequest { Config = config, Audio = ByteString.CopyFrom(audio), Id = new RequestId { Value = id } };
        return Client.RecognizeAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Bounded();
    }
}
