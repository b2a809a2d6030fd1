using System.Text.Json;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.FakeMesh;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace WhisperMesh.Cli.Tests;

public sealed class LiveCommandTests : CliFixture
{
    // Two utterances of the fake, and a part of a third.
    private const int AudioBytes = 24 * FakeLiveSession.WordBytes;
    private const string Said = "w0 w1 w2 w3 w4 w5 w6 w7 w8 w9\nw10 w11 w12 w13 w14 w15 w16 w17 w18 w19\nw20 w21 w22 w23\n";

    [Fact]
    public async Task Live_StandardInput_PrintsALineForEachUtterance()
    {
        var result = await RunAsync(["live", "-"], Samples(), Token);

        result.Error.ShouldBeEmpty();
        result.ExitCode.ShouldBe(0);
        result.Output.ShouldBe(Said);
    }

    [Fact]
    public async Task Live_AllOptions_AreInTheRequest()
    {
        await RunAsync(
            ["live", "-", "--rate", "8000", "--encoding", "mulaw", "--channels", "2", "--language", "es", "--model", "m", "--keyword", "Ana", "--keyword", "Lu",
                "--prompt", "p", "--translate", "--latency", "high", "--pass-clock", "audio", "--pause", "0.5", "--max-utterance", "20", "--no-partials",
                "--publish", "talk", "--speech-threshold", "0.75", "--prefix-padding", "0.25"],
            Stream.Null,
            Token);

        Script.LiveRouter.Configs.ShouldHaveSingleItem().ShouldBe(new LiveConfig
        {
            AudioFormat = new() { Encoding = AudioEncoding.Mulaw, SampleRateHz = 8000, ChannelCount = 2 },
            LanguageCode = "es",
            Model = "m",
            Keywords = { "Ana", "Lu" },
            Prompt = "p",
            Task = TranscriptionTask.Translate,
            Latency = LiveLatency.High,
            PassClock = LivePassClock.Audio,
            Endpointing = new()
            {
                Threshold = 0.75f,
                PrefixPadding = Duration.FromTimeSpan(TimeSpan.FromSeconds(0.25)),
                PauseDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(0.5)),
                MaximumUtteranceDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(20)),
            },
            OmitTentative = true,
            CaptionName = "talk",
        });
    }

    [Fact]
    public async Task Live_NoOption_AsksForTheDefaults()
    {
        await RunAsync(["live", "-", "--languages", "en, fr"], Stream.Null, Token);

        Script.LiveRouter.Configs.ShouldHaveSingleItem().ShouldBe(new LiveConfig
        {
            AudioFormat = new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16000, ChannelCount = 1 },
            Task = TranscriptionTask.Transcribe,
            LanguageCodes = { "en", "fr" },
        });
    }

    [Fact]
    public async Task Live_WavAsFastAsItIsHeard_SendsItsSamplesOnly()
    {
        var file = WavFile();

        var result = await RunAsync("live", file, "--speed", "0");

        result.Output.ShouldBe(Said);
        var config = Script.LiveRouter.Configs.ShouldHaveSingleItem();
        config.AudioFormat.ShouldBe(new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16000, ChannelCount = 1 });
        config.PassClock.ShouldBe(LivePassClock.Audio);
    }

    [Fact]
    public async Task Live_Json_IsALineForEachEvent()
    {
        var result = await RunAsync(["live", "-", "--format", "json"], Samples(), Token);

        var events = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        events[0].GetProperty("started").GetProperty("request_id").GetString().ShouldBe("live-1");
        events.Select(each => each.GetProperty("number").GetInt64()).ShouldBe(Enumerable.Range(1, events.Count).Select(number => (long)number));
        var final = events.First(each => each.GetProperty("event").GetString() == "final").GetProperty("final");
        final.GetProperty("text").GetString().ShouldBe("w0 w1 w2 w3 w4 w5 w6 w7 w8 w9");
        final.GetProperty("reason").GetString().ShouldBe("pause");
        final.GetProperty("end").GetDecimal().ShouldBe(0.1m);
        events.First(each => each.GetProperty("event").GetString() == "update").GetProperty("update").GetProperty("tentative_text").GetString().ShouldBe(" perhaps");
        events[^1].GetProperty("event").GetString().ShouldBe("summary");
        result.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a.srt", "1\n00:00:00,000 --> 00:00:00,100\nw0 w1 w2 w3 w4 w5 w6 w7 w8 w9\n\n2\n00:00:00,100 --> 00:00:00,200\n")]
    [InlineData("a.vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:00.100\nw0 w1 w2 w3 w4 w5 w6 w7 w8 w9\n\n00:00:00.100 --> 00:00:00.200\n")]
    [InlineData("a.txt", "w0 w1 w2 w3 w4 w5 w6 w7 w8 w9\nw10")]
    public async Task Live_OutputFile_FormatFollowsItsExtension(string name, string expected)
    {
        var result = await RunAsync(["live", "-", "--output", PathOf(name)], Samples(), Token);

        result.Output.ShouldBeEmpty();
        (await File.ReadAllTextAsync(PathOf(name), Token)).ShouldStartWith(expected);
    }

    [Fact]
    public async Task Live_Refused_SaysWhyAndLeavesTheOldFile()
    {
        await File.WriteAllTextAsync(PathOf("a.txt"), "old", Token);
        Script.LiveRouter.Admit = _ => throw FakeMeshScript.Error(Grpc.Core.StatusCode.NotFound, "MODEL_NOT_FOUND", "No such model.", "model");

        var result = await RunAsync(["live", "-", "--output", PathOf("a.txt")], Samples(), Token);

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.ErrorLine.ShouldBe("whispermesh: No such model. [MODEL_NOT_FOUND]");
        (await File.ReadAllTextAsync(PathOf("a.txt"), Token)).ShouldBe("old");
    }

    [Fact]
    public async Task Live_NobodyListens_IsUnreachable()
    {
        var result = await RunAsync(["live", "-", "--server", "http://127.0.0.1:1", "--server", "http://127.0.0.1:2"], Samples(), Token);

        result.ExitCode.ShouldBe(ExitCodes.Unreachable);
    }

    [Fact]
    public async Task Live_FirstServerDown_GoesToTheNext()
    {
        var result = await RunAsync(["live", "-", "--server", "http://127.0.0.1:1", "--server", Address], Samples(), Token);

        result.Output.ShouldBe(Said);
    }

    [Fact]
    public async Task Live_InputFails_SaysSo()
    {
        var result = await RunAsync("live", PathOf("none.wav"));

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.ErrorLine.ShouldContain("does not exist");
        Script.LiveRouter.Configs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--device says something of a microphone", "-", "--device", "hw:0")]
    [InlineData("--speed says something of a file", "-", "--speed", "2")]
    [InlineData("--rate says something of standard input", "a.wav", "--rate", "8000")]
    [InlineData("--encoding says something of standard input", "a.wav", "--encoding", "u8")]
    [InlineData("--channels says something of standard input", "a.wav", "--channels", "2")]
    [InlineData("--rate is 4000", "-", "--rate", "10")]
    [InlineData("--channels is 1", "-", "--channels", "0")]
    [InlineData("--speed is a factor", "a.wav", "--speed", "-1")]
    [InlineData("can't be given together", "-", "--language", "en", "--languages", "fr")]
    [InlineData("captions are shown", "-", "--format", "captions", "--output", "x")]
    [InlineData("--pause is a time", "-", "--pause", "-1")]
    [InlineData("neither an option nor a file", "--quick")]
    [InlineData("not a server address", "-", "--server", "ftp://x")]
    public async Task Live_NonsenseOptions_AreRefusedByName(string expected, params string[] arguments)
    {
        var result = await RunAsync(["live", .. arguments], Stream.Null, Token);

        result.ExitCode.ShouldBe(ExitCodes.Usage);
        result.ErrorLine.ShouldContain(expected);
        Script.LiveRouter.Configs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Live_CtrlCOnce_EndsTheAudioAndWaitsForTheRest()
    {
        var input = new PausingStream(FakeLiveSession.Audio(0, AudioBytes));
        var running = RunAsync(["live", "-"], input, Interruption.Token);
        await input.AllRead.WaitAsync(TimeSpan.FromSeconds(20), Token);

        Interruption.Interrupt().ShouldBeTrue();

        var result = await running.WaitAsync(TimeSpan.FromSeconds(20), Token);
        result.ExitCode.ShouldBe(0);
        result.Output.ShouldBe(Said);
    }

    [Fact]
    public async Task Live_CtrlCTwice_EndsAtOnce()
    {
        var reached = new TaskCompletionSource();
        Script.Live = async (requests, responses, context) =>
        {
            await requests.MoveNext(context.CancellationToken);
            await responses.WriteAsync(new() { EventNumber = 1, Started = new() });
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        var running = RunAsync(["live", "-"], new PausingStream([]), Interruption.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

        Interruption.Interrupt().ShouldBeTrue();
        Interruption.Interrupt().ShouldBeTrue();

        (await running.WaitAsync(TimeSpan.FromSeconds(20), Token)).ExitCode.ShouldBe(ExitCodes.Cancelled);
        Interruption.Interrupt().ShouldBeFalse();
    }

    private static MemoryStream Samples() => new(FakeLiveSession.Audio(0, AudioBytes));

    private string WavFile()
    {
        var path = PathOf("talk.wav");
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write("RIFF"u8);
        writer.Write(4 + 24 + 8 + 4 + 8 + AudioBytes);
        writer.Write("WAVE"u8);
        writer.Write("fmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(16000);
        writer.Write(32000);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("LIST"u8);
        writer.Write(3);
        writer.Write("abc\0"u8);
        writer.Write("data"u8);
        writer.Write(AudioBytes);
        writer.Write(FakeLiveSession.Audio(0, AudioBytes));
        writer.Write("id3 "u8);
        writer.Write(4);
        writer.Write("tail"u8);
        return path;
    }
}
