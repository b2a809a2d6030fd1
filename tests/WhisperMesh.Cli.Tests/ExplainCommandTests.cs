using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Cli.Explain;
using WhisperMesh.Requests.V1;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Tests;

public sealed class ExplainCommandTests : CliFixture
{
    [Fact]
    public async Task Explain_Known_PrintsTimeTriesChoicesAndScores()
    {
        Script.Records.Add(Record());

        var result = await RunAsync("explain", "r1");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("r1 (transcribe)");
        result.Output.ShouldContain("served after 2.000 s, slow, 1 of 2 pieces of text doubtful");
        result.Output.ShouldContain("try 1: one");
        result.Output.ShouldContain("died");
        result.Output.ShouldContain("full (2 of 2)");
        result.Output.ShouldContain("suspected loop");
        result.Output.ShouldContain("encoder");
        result.Output.ShouldNotContain("finding speech");
        result.Output.ShouldContain("router 1.0.0 (router-a), worker 1.2.3, model revision abc");
    }

    [Fact]
    public async Task Explain_Json_IsOneDocumentAsTheRouterGivesIt()
    {
        Script.Records.Add(Record());

        var json = JsonDocument.Parse((await RunAsync("explain", "r1", "--json")).Output).RootElement;

        json.GetProperty("object").GetString().ShouldBe("request");
        json.GetProperty("state").GetString().ShouldBe("served");
        json.GetProperty("total_seconds").GetDouble().ShouldBe(2);
        json.GetProperty("segments")[0].GetProperty("verdict").GetString().ShouldBe("suspected_loop");
    }

    [Fact]
    public async Task Explain_Unknown_SaysSoInOneLine()
    {
        var result = await RunAsync("explain", "nobody");

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.ErrorLine.ShouldBe("whispermesh: There is no record of the request 'nobody'. (request asked)");
    }

    [Theory]
    [InlineData(0, 1, 4, "██████████")]
    [InlineData(2, 1, 4, "                    ██████████")]
    [InlineData(4, 0, 4, "                                       ▏")]
    public void Draw_Stretch_IsWhereAndAsLongAsItWas(double start, double length, double total, string bar) =>
        TimePicture.Draw(TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(length), TimeSpan.FromSeconds(total)).ShouldBe(bar);

    [Fact]
    public async Task Transcribe_Verbose_SaysTheRequest()
    {
        Script.AnswerWith("Good morning.");

        var quiet = await RunAsync("transcribe", AudioFile("a.wav"));
        var verbose = await RunAsync("transcribe", AudioFile("a.wav"), "--verbose");

        quiet.Error.ShouldBeEmpty();
        verbose.ErrorLine.ShouldEndWith("a.wav: request r1");
    }

    private static RequestRecord Record() => new()
    {
        Line = new RequestLine
        {
            RequestId = "r1",
            Operation = "transcribe",
            State = RequestState.Served,
            CreateTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
            TotalDuration = Seconds(2),
            SegmentCount = 2,
            DoubtfulCount = 1,
            Slow = true,
        },
        Protocol = "http",
        RouterId = "router-a",
        RouterVersion = "1.0.0",
        WorkerVersion = "1.2.3",
        ModelRevision = "abc",
        Attempts =
        {
            new RequestAttempt { Number = 1, Purpose = "work", WorkerId = "one", Outcome = "died", StartOffset = Seconds(0.5), AttemptDuration = Seconds(0.5) },
            new RequestAttempt { Number = 2, Purpose = "work", WorkerId = "two", Outcome = "served", StartOffset = Seconds(1), AttemptDuration = Seconds(1) },
        },
        Choices =
        {
            new WorkerChoice
            {
                Purpose = "work",
                Workers =
                {
                    new ConsideredWorker { WorkerId = "one", Chosen = true, Reason = "least-load" },
                    new ConsideredWorker { WorkerId = "two", Reason = "full (2 of 2)", ActiveCount = 2, Limit = 2 },
                },
            },
        },
        Stages =
        {
            new RequestStage { Name = "receive", StageDuration = Seconds(0.5) },
            new RequestStage { Name = "attempt", StartOffset = Seconds(0.5), StageDuration = Seconds(0.5), Attempt = 1 },
        },
        Timings = new TranscriptionTimings { Encoder = Seconds(0.5), Total = Seconds(1) },
        Segments = { new SegmentScores { Verdict = SegmentVerdict.SuspectedLoop, StartOffset = Seconds(0), SegmentDuration = Seconds(1) } },
    };

    private static Duration Seconds(double seconds) => Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds));
}
