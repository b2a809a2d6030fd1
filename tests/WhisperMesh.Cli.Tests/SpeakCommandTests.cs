using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.FakeMesh;

namespace WhisperMesh.Cli.Tests;

public sealed class SpeakCommandTests : CliFixture
{
    private SynthesizeRequest? _request;

    [Theory]
    [InlineData("a.wav", AudioEncoding.Wav)]
    [InlineData("a.mp3", AudioEncoding.Mp3)]
    [InlineData("a.ogg", AudioEncoding.Opus)]
    [InlineData("a.FLAC", AudioEncoding.Flac)]
    [InlineData("a.pcm", AudioEncoding.PcmS16Le)]
    public async Task Speak_OutputFile_FormatFollowsItsExtension(string name, AudioEncoding expected)
    {
        Answer(1, 2, 3);

        var result = await RunAsync("speak", "Hello.", "--output", PathOf(name));

        result.ExitCode.ShouldBe(0);
        result.Output.ShouldBeEmpty();
        _request!.AudioFormat.Encoding.ShouldBe(expected);
        (await File.ReadAllBytesAsync(PathOf(name), Token)).ShouldBe(new byte[] { 1, 2, 3 });
    }

    [Fact]
    public async Task Speak_AllOptions_AreInTheRequest()
    {
        Answer(1);

        await RunAsync(["speak", "-", "--output", PathOf("x"), "--format", "aac", "--voice", "joe", "--speed", "1.5", "--model", "m"], Text("Hi.\n"), Token);

        _request.ShouldBe(new SynthesizeRequest
        {
            Text = "Hi.",
            Voice = "joe",
            Speed = 1.5f,
            Model = "m",
            AudioFormat = new AudioFormat { Encoding = AudioEncoding.Aac },
        });
    }

    [Fact]
    public async Task Speak_StreamedWav_GetsItsSizes()
    {
        var wav = new byte[44 + 10];
        "RIFF"u8.CopyTo(wav);
        "WAVE"u8.CopyTo(wav.AsSpan(8));
        "data"u8.CopyTo(wav.AsSpan(36));
        wav.AsSpan(4, 4).Fill(0xFF);
        wav.AsSpan(40, 4).Fill(0xFF);
        Answer(wav);

        await RunAsync("speak", "Hello.", "--output", PathOf("a.wav"));

        var written = await File.ReadAllBytesAsync(PathOf("a.wav"), Token);
        written.Length.ShouldBe(54);
        BitConverter.ToUInt32(written, 4).ShouldBe(46u);
        BitConverter.ToUInt32(written, 40).ShouldBe(10u);
    }

    [Fact]
    public async Task Speak_StandardOutput_GetsTheBytesOnly()
    {
        Answer(7, 8);

        var result = await RunAsync("speak", "Hello.", "--output", "-");

        result.Binary.ShouldBe(new byte[] { 7, 8 });
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Speak_FailsHalfway_LeavesTheOldFileAndNoOther()
    {
        await File.WriteAllTextAsync(PathOf("a.wav"), "old", Token);
        Script.Synthesize = async (_, responses, _) =>
        {
            await responses.WriteAsync(new() { Audio = ByteString.CopyFrom(1, 2) });
            throw FakeMeshScript.Error(StatusCode.NotFound, "VOICE_NOT_FOUND", "No such voice.", field: "voice");
        };

        var result = await RunAsync("speak", "Hello.", "--output", PathOf("a.wav"));

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.ErrorLine.ShouldBe("whispermesh: No such voice. [VOICE_NOT_FOUND]");
        Directory.GetFiles(Folder).ShouldBe([PathOf("a.wav")]);
        (await File.ReadAllTextAsync(PathOf("a.wav"), Token)).ShouldBe("old");
    }

    private void Answer(params byte[] audio) => Script.Synthesize = async (request, responses, _) =>
    {
        _request = request;
        await responses.WriteAsync(new() { Started = new() });
        await responses.WriteAsync(new() { Audio = ByteString.CopyFrom(audio) });
        await responses.WriteAsync(new() { Summary = new() { AudioDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) } });
    };
}
