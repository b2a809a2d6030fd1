using System.IO.Pipelines;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.FakeMesh;

namespace WhisperMesh.Cli.Tests;

public sealed class TranscribeCommandTests : CliFixture
{
    [Fact]
    public async Task Transcribe_OneFile_PrintsALineForEachSegment()
    {
        Script.AnswerWith("Hello there.", "Goodbye.");

        var result = await RunAsync("transcribe", AudioFile("a.wav"));

        result.ShouldBe(new CliResult(0, "Hello there.\nGoodbye.\n", "", []), new ResultComparer());
    }

    [Fact]
    public async Task Transcribe_AllOptions_AreInTheRequest()
    {
        Script.AnswerWith("Hola.");

        await RunAsync(
            "transcribe", AudioFile("a.wav"), "--language", "es", "--model", "m", "--prompt", "Ana", "--translate", "--words", "--format", "json",
            "--keyword", "WhisperMesh", "--keyword", "Ana Souza", "--carry-context", "--temperature", "0", "--beam-size", "5", "--best-of", "3",
            "--seed", "-7", "--compression-ratio-threshold", "2", "--logprob-threshold", "-0.5", "--no-speech-threshold", "0.25",
            "--class", "bulk", "--channels", "separate", "--logprobs", "--language-switch-windows", "3", "--language-switch-probability", "0.75",
            "--speech-threshold", "0.75", "--silence-duration", "2.5", "--prefix-padding", "0");

        Script.Configs.ShouldHaveSingleItem().ShouldBe(new TranscriptionConfig
        {
            Model = "m",
            LanguageCode = "es",
            Prompt = "Ana",
            Task = TranscriptionTask.Translate,
            WordTimestamps = true,
            Keywords = { "WhisperMesh", "Ana Souza" },
            CarryContext = true,
            BeamSize = 5,
            BestOf = 3,
            Seed = -7,
            Thresholds = new() { CompressionRatio = 2, LogProbability = -0.5f, NoSpeech = 0.25f },
            LanguageSwitching = new() { WindowCount = 3, Probability = 0.75f },
            VoiceActivity = new()
            {
                Threshold = 0.75f,
                SilenceDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(2.5)),
                PrefixPadding = Duration.FromTimeSpan(TimeSpan.Zero),
            },
            RequestClass = RequestClass.Bulk,
            ChannelMode = ChannelMode.Separate,
            TokenDetails = true,
        });
    }

    [Fact]
    public async Task Transcribe_Languages_AreInTheRequest()
    {
        Script.AnswerWith("Hola.");

        await RunAsync("transcribe", AudioFile("a.wav"), "--languages", "en, fr", "--class", "live");

        Script.Configs.ShouldHaveSingleItem().ShouldBe(new TranscriptionConfig
        {
            Task = TranscriptionTask.Transcribe,
            LanguageCodes = { "en", "fr" },
            RequestClass = RequestClass.Live,
        });
    }

    [Fact]
    public async Task Transcribe_NoOption_AsksForTheDefaults()
    {
        Script.AnswerWith("Hello.");

        await RunAsync("transcribe", AudioFile("a.wav"));

        Script.Configs.ShouldHaveSingleItem().ShouldBe(new TranscriptionConfig { Task = TranscriptionTask.Transcribe });
    }

    [Fact]
    public async Task Transcribe_JsonOfSeparateChannels_HasVerdictsChannelsAndTokens()
    {
        SayOnTwoChannels();

        var result = await RunAsync("transcribe", AudioFile("a.wav"), "--format", "json", "--channels", "separate", "--logprobs");

        var segments = JsonDocument.Parse(result.Output).RootElement.GetProperty("segments");
        segments.EnumerateArray()
            .Select(segment => (segment.GetProperty("channel").GetInt32(), segment.GetProperty("verdict").GetString()))
            .ShouldBe([(1, "ok"), (0, "suspected_silence")]);
        segments[0].GetProperty("logprobs").ToString().ShouldBe("""[{"token":"Hi","logprob":-0.5,"bytes":[72,105]}]""");
    }

    [Theory]
    [InlineData("txt", "[channel 1] Hi\n[channel 0] Thank you.\n")]
    [InlineData("srt", "1\n00:00:00,000 --> 00:00:01,000\n[channel 1] Hi\n\n2\n00:00:01,000 --> 00:00:02,000\n[channel 0] Thank you.\n\n")]
    public async Task Transcribe_SeparateChannels_LabelsThemInOrderOfTime(string format, string expected)
    {
        SayOnTwoChannels();

        var result = await RunAsync("transcribe", AudioFile("a.wav"), "--format", format, "--channels", "separate");

        result.Output.ShouldBe(expected);
    }

    [Fact]
    public async Task Transcribe_StandardInput_IsSent()
    {
        Script.AnswerWith("Piped.");

        var result = await RunAsync(["transcribe", "-"], Text("RIFF"), Token);

        result.Output.ShouldBe("Piped.\n");
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Transcribe_Warnings_GoToStandardError()
    {
        Script.AnswerWith("Nothing.");

        var result = await RunAsync(["transcribe", "-"], Stream.Null, Token);

        result.ErrorLine.ShouldBe("whispermesh: standard input: warning: No audio came.");
    }

    [Fact]
    public async Task Transcribe_Json_HasSegmentsInSeconds()
    {
        Script.AnswerWith("Ça va?", "Oui.");

        var result = await RunAsync("transcribe", AudioFile("a.wav"), "--format", "json");

        var json = JsonDocument.Parse(result.Output).RootElement;
        json.GetProperty("text").GetString().ShouldBe("Ça va? Oui.");
        json.GetProperty("duration").GetDecimal().ShouldBe(2m);
        json.GetProperty("segments")[1].GetProperty("start").GetDecimal().ShouldBe(1m);
        json.GetProperty("segments")[1].GetProperty("end").GetDecimal().ShouldBe(2m);
        result.Output.ShouldContain("Ça va?");
    }

    [Fact]
    public async Task Transcribe_SeveralFiles_NamesEachAndGoesOnAfterAFailure()
    {
        Script.AnswerWith("Words.");
        var (first, second) = (AudioFile("a.wav"), AudioFile("b.wav"));

        var result = await RunAsync("transcribe", first, PathOf("missing.wav"), second);

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.Output.ReplaceLineEndings("\n").ShouldBe($"==> {first} <==\nWords.\n==> {second} <==\nWords.\n");
        result.ErrorLine.ShouldContain("missing.wav");
    }

    [Fact]
    public async Task Transcribe_OutputFile_TakesItsFormatFromTheExtension()
    {
        Script.AnswerWith("Hello.");

        var result = await RunAsync("transcribe", AudioFile("a.wav"), "--output", PathOf("a.srt"));

        result.ExitCode.ShouldBe(0);
        result.Output.ShouldBeEmpty();
        (await File.ReadAllTextAsync(PathOf("a.srt"), Token)).ShouldBe("1\n00:00:00,000 --> 00:00:01,000\nHello.\n\n");
    }

    [Fact]
    public async Task Transcribe_SeveralFilesToFolder_WritesOneForEach()
    {
        Script.AnswerWith("Hello.");

        await RunAsync("transcribe", AudioFile("a.wav"), AudioFile("b.wav"), "--output", PathOf("out"), "--format", "vtt");

        Directory.GetFiles(PathOf("out")).Select(Path.GetFileName).Order().ShouldBe(["a.vtt", "b.vtt"]);
    }

    [Fact]
    public async Task Transcribe_Refused_SaysWhyInOneLineAndLeavesNoFile()
    {
        Script.RefuseWith(FakeMeshScript.Error(
            StatusCode.ResourceExhausted, "QUEUE_FULL", "All workers\nare busy.", retryAfter: TimeSpan.FromSeconds(1.5)));
        var audio = AudioFile("a.wav");

        var result = await RunAsync("transcribe", audio, "--output", PathOf("a.txt"));

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.ErrorLine.ShouldBe($"whispermesh: {audio}: All workers are busy. [QUEUE_FULL] Try again in 2 s.");
        Directory.GetFiles(Folder).ShouldBe([audio]);
    }

    [Fact]
    public async Task Transcribe_NothingListens_ExitsWithUnreachableAtTheFirstFile()
    {
        var result = await RunAsync("transcribe", AudioFile("a.wav"), AudioFile("b.wav"), "--server", "http://127.0.0.1:1");

        result.ExitCode.ShouldBe(ExitCodes.Unreachable);
        result.ErrorLine.ShouldContain("http://127.0.0.1:1: Connection refused");
    }

    [Fact]
    public async Task Transcribe_Cancelled_ExitsThoughInputBlocks()
    {
        var began = new TaskCompletionSource();
        Script.Transcribe = async (_, _, context) =>
        {
            began.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = RunAsync(["transcribe", "-"], new Pipe().Reader.AsStream(), cancellation.Token);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

        await cancellation.CancelAsync();

        var result = await run.WaitAsync(TimeSpan.FromSeconds(20), Token);
        result.ExitCode.ShouldBe(ExitCodes.Cancelled);
        result.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("transcribe")]
    [InlineData("transcribe a.wav --format doc")]
    [InlineData("transcribe a.wav --colour")]
    [InlineData("transcribe - -")]
    [InlineData("transcribe a.wav b.wav --format srt")]
    [InlineData("transcribe x/a.wav y/a.wav --output out/")]
    [InlineData("transcribe a.wav --words")]
    [InlineData("transcribe a.wav --logprobs --format txt")]
    [InlineData("transcribe a.wav --language en --languages en,fr")]
    [InlineData("transcribe a.wav --beam-size many")]
    [InlineData("transcribe a.wav --class urgent")]
    [InlineData("transcribe a.wav --channels 2")]
    [InlineData("transcribe a.wav --keyword")]
    [InlineData("transcribe a.wav --output a.wav")]
    [InlineData("transcribe a.wav --server ftp://there")]
    [InlineData("speak Hello")]
    [InlineData("speak Hello --output a.doc")]
    [InlineData("speak Hello --output a.wav --speed fast")]
    [InlineData("")]
    public async Task AnyCommand_MakesNoSense_ExitsWithUsageAndOneLine(string line)
    {
        var result = await RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        result.ExitCode.ShouldBe(ExitCodes.Usage);
        result.ErrorLine.ShouldStartWith("whispermesh: ");
        result.Output.ShouldBeEmpty();
    }

    private void SayOnTwoChannels() => Script.Transcribe = async (requests, responses, context) =>
    {
        await foreach (var _ in requests.ReadAllAsync(context.CancellationToken))
        {
        }

        var second = Duration.FromTimeSpan(TimeSpan.FromSeconds(1));
        var late = new TranscriptSegment
        {
            StartOffset = second,
            SegmentDuration = second,
            Text = "Thank you.",
            Channel = 0,
            Verdict = SegmentVerdict.SuspectedSilence,
        };
        var early = new TranscriptSegment
        {
            Index = 1,
            StartOffset = new(),
            SegmentDuration = second,
            Text = "Hi",
            Channel = 1,
            Verdict = SegmentVerdict.Ok,
            TokenBytes = { ByteString.CopyFromUtf8("Hi") },
            TokenLogProbabilities = { -0.5f },
        };
        await responses.WriteAsync(new() { Segment = late });
        await responses.WriteAsync(new() { Segment = early });
        await responses.WriteAsync(new() { Summary = new() });
    };

    private sealed class ResultComparer : IEqualityComparer<CliResult>
    {
        public bool Equals(CliResult? x, CliResult? y) =>
            x!.ExitCode == y!.ExitCode && x.Output == y.Output && x.Error == y.Error && x.Binary.AsSpan().SequenceEqual(y.Binary);

        public int GetHashCode(CliResult obj) => obj.ExitCode;
    }
}
