using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Synthesis.Tests.Worker;

public sealed class WithoutFfmpegTests(WithoutFfmpegTests.WorkerWithoutFfmpeg worker) : IClassFixture<WithoutFfmpegTests.WorkerWithoutFfmpeg>
{
    [Theory]
    [InlineData(AudioEncoding.Mp3)]
    [InlineData(AudioEncoding.Opus)]
    [InlineData(AudioEncoding.Flac)]
    [InlineData(AudioEncoding.Aac)]
    public async Task Synthesize_CompressedFormat_IsRefused(AudioEncoding encoding)
    {
        var request = new SynthesizeRequest { Text = "Hi.", AudioFormat = new AudioFormat { Encoding = encoding } };

        var error = await Should.ThrowAsync<RpcException>(() => Spoken.ReadAsync(worker, request));

        var details = RpcErrorDetails.From(error);
        details.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        details.Reason.ShouldBe(ErrorReasons.FfmpegMissing);
        details.Field.ShouldBe("audio_format.encoding");
    }

    [Fact]
    public async Task Synthesize_Wav_IsSpoken()
    {
        var spoken = await Spoken.ReadAsync(worker, new SynthesizeRequest { Text = "Good morning." });

        (await spoken.DecodedDurationAsync()).TotalSeconds.ShouldBeInRange(0.4, 3);
    }

    [Fact]
    public async Task GetCapabilities_SaysThatCompressedAudioIsMissing()
    {
        var reply = await worker.Worker.GetCapabilitiesAsync(
            new GetCapabilitiesRequest(), cancellationToken: TestContext.Current.CancellationToken);

        reply.Capabilities.CompressedAudio.ShouldBeFalse();
    }

    public sealed class WorkerWithoutFfmpeg : RunningWorker
    {
        protected override string[] Settings => ["--Synthesis:FfmpegPath=no-such-ffmpeg"];
    }
}
