using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Relay;

public sealed class ResumingTranscriptTests
{
    private readonly List<StreamTranscribeResponse> _sent = [];
    private readonly ResumingTranscript _transcript;

    public ResumingTranscriptTests()
    {
        _transcript = new ResumingTranscript((message, _) =>
        {
            _sent.Add(message);
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public async Task Accept_FirstWorker_SendsEverythingAsItIs()
    {
        await AcceptAsync(Events.Started("r", "one"), Events.Progress(1, 0), Events.Segment(0, 0, 1, "a"), Events.Segment(1, 1, 1, "b"));

        _sent.Count.ShouldBe(4);
        Texts().ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Accept_SecondWorker_SkipsWhatWasSentAndNumbersOn()
    {
        await AcceptAsync(Events.Started("r", "one"), Events.Segment(0, 0, 2, "a"), Events.Segment(1, 2, 2, "b"));
        _transcript.TryRestart().ShouldBeTrue();

        await AcceptAsync(
            Events.Started("r", "two"), Events.Segment(0, 0, 2, "a"), Events.Segment(1, 2, 2, "b"), Events.Segment(2, 4, 2, "c"),
            Events.Summary(new TranscriptionConfig(), "two", 6));

        _sent.Count(message => message.Started is not null).ShouldBe(1);
        Texts().ShouldBe(["a", "b", "c"]);
        _sent.Where(message => message.Segment is not null).Select(message => message.Segment.Index).ShouldBe([0, 1, 2]);
        _sent[^1].Summary.SegmentCount.ShouldBe(3);
    }

    [Theory]
    [InlineData(1.5, 3, false)] // middle at 3, one second before what was sent ends
    [InlineData(3.5, 3, true)] // middle at 5, after it
    public async Task Accept_SecondWorkerCutsElsewhere_TheMiddleDecides(double start, double duration, bool sent)
    {
        await AcceptAsync(Events.Segment(0, 0, 4, "a"));
        _transcript.TryRestart();

        await AcceptAsync(Events.Segment(0, start, duration, "b"));

        Texts().ShouldBe(sent ? ["a", "b"] : ["a"]);
    }

    [Fact]
    public async Task Accept_SecondWorkerAndTwoChannels_EachChannelGoesOnWhereItWas()
    {
        await AcceptAsync(On(0, 0, 4, "a"), On(1, 0, 2, "b"));
        _transcript.TryRestart();

        await AcceptAsync(On(0, 0, 4, "a"), On(1, 0, 2, "b"), On(1, 2, 2, "c"), On(0, 4, 2, "d"));

        Texts().ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact]
    public async Task Accept_SecondWorkersProgress_NeverFallsBack()
    {
        await AcceptAsync(Events.Progress(10, 6));
        _transcript.TryRestart();

        await AcceptAsync(Events.Progress(2, 1), Events.Progress(12, 7));

        _sent.Select(message => (message.Progress.AudioReceived.Seconds, message.Progress.AudioProcessed.Seconds))
            .ShouldBe([(10, 6), (10, 6), (12, 7)]);
    }

    [Fact]
    public void Accept_WorkersThatDieAnywhere_SayEverySegmentOnce()
    {
        var segments = Gen.Choose(1, 12);
        var deaths = Gen.Choose(0, 12).ListOf(3);
        Prop.ForAll(segments.ToArbitrary(), deaths.ToArbitrary(), (count, diedAfter) =>
        {
            var texts = new List<string>();
            var transcript = new ResumingTranscript((message, _) =>
            {
                texts.Add(message.Segment.Text);
                return ValueTask.CompletedTask;
            });
            foreach (var after in diedAfter.Append(count))
            {
                for (var i = 0; i < Math.Min(after, count); i++)
                {
                    transcript.AcceptAsync(Events.Segment(i, i * 2, 1.5, $"{i}"), CancellationToken.None)
                        .AsTask().IsCompletedSuccessfully.ShouldBeTrue();
                }

                transcript.TryRestart();
            }

            return texts.SequenceEqual(Enumerable.Range(0, count).Select(i => $"{i}"));
        }).QuickCheckThrowOnFailure();
    }

    private static StreamTranscribeResponse On(int channel, double start, double duration, string text)
    {
        var message = Events.Segment(0, start, duration, text);
        message.Segment.Channel = channel;
        return message;
    }

    private IEnumerable<string> Texts() => _sent.Where(message => message.Segment is not null).Select(message => message.Segment.Text);

    private async Task AcceptAsync(params StreamTranscribeResponse[] messages)
    {
        foreach (var message in messages)
        {
            await _transcript.AcceptAsync(message, TestContext.Current.CancellationToken);
        }
    }
}
