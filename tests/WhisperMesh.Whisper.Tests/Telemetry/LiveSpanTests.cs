using WhisperMesh.Whisper.Live;
using WhisperMesh.Whisper.Telemetry;
using WhisperMesh.Whisper.Tests.Live;

namespace WhisperMesh.Whisper.Tests.Telemetry;

public sealed class LiveSpanTests(ModelFixture fixture)
{
    private static readonly PassWindow Window = new(0, new float[16_000], [], "en", "", []);

    [Fact]
    public async Task Live_Traced_HasUtterancesWithTheirPasses()
    {
        using var spans = new SpanListener();

        var run = await LiveRun.OfAsync(fixture, LiveRun.ByAudio, LiveRun.Talk(1).Samples);

        var utterances = spans.Under(spans.Root);
        utterances.Select(span => span.OperationName).Distinct().ShouldBe(["utterance"]);
        utterances.Count.ShouldBe(run.Finals.Count());
        var passes = utterances.SelectMany(utterance => spans.Under(utterance)).ToList();
        passes.Select(span => span.OperationName).Distinct().ShouldBe(["pass"]);
        passes.Count.ShouldBe((int)run.Completed.Passes);
        utterances.Sum(utterance => (int)utterance.GetTagItem("whispermesh.live.passes")!).ShouldBe(passes.Count);
        spans.Under(passes[0]).Select(span => span.OperationName).ShouldContain("decoder");
    }

    [Fact]
    public void StartPass_OfAStreamOfHours_HasBoundedSpans()
    {
        using var spans = new SpanListener();
        var trace = LiveTrace.Join().ShouldNotBeNull();
        const int Utterances = LiveTrace.DetailedUtterances + SpanSum.Most + 3;

        for (var i = 0; i < Utterances; i++)
        {
            trace.Begin(i);
            trace.StartPass(Window).Dispose();
            trace.End(EndpointReason.Pause);
        }

        trace.Complete();
        spans.Spans.Count(span => span.OperationName == "pass").ShouldBe(LiveTrace.DetailedPasses);
        spans.Under(spans.Root, "utterance").Count.ShouldBe(LiveTrace.DetailedUtterances);
        spans.Under(spans.Root, "utterances").Select(span => span.GetTagItem("whispermesh.live.utterances")).ShouldBe([SpanSum.Most, 3]);
    }

    [Fact]
    public void Complete_InAnUtterance_EndsItsSpan()
    {
        using var spans = new SpanListener();
        var trace = LiveTrace.Join().ShouldNotBeNull();

        trace.Begin(0);
        trace.Complete();

        spans.Under(spans.Root, "utterance").ShouldHaveSingleItem();
    }
}
