using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.ServiceDefaults.Telemetry.Sampling;

namespace WhisperMesh.ServiceDefaults.Tests.Telemetry;

public sealed class TraceBufferTests : IDisposable
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new();
    private readonly List<Activity> _released = [];
    private readonly List<ActivityTraceId> _told = [];

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Add_GoodRequest_ReleasesNothing()
    {
        var buffer = Create();
        var root = SpanMaker.Root(SpanMaker.Trace(0.1));

        buffer.Add(SpanMaker.Child(root));
        buffer.Add(SpanMaker.End(root));

        _released.ShouldBeEmpty();
        _told.ShouldBeEmpty();
        buffer.Count.ShouldBe(2);
    }

    [Fact]
    public void Add_TraceOfTheRatio_ReleasesAtOnceAndTellsNobody()
    {
        var buffer = Create(ratio: 0.5);
        var root = SpanMaker.Root(SpanMaker.Trace(0.6));
        var child = SpanMaker.Child(root);

        buffer.Add(child);
        buffer.Add(SpanMaker.End(root));

        _released.ShouldBe([child, root]);
        _told.ShouldBeEmpty();
        root.GetTagItem("whispermesh.sampled_by").ShouldBe("ratio");
    }

    [Fact]
    public void Add_SpanFailed_ReleasesAllOfTheTraceAndTellsOthers()
    {
        var buffer = Create();
        var root = SpanMaker.Root(SpanMaker.Trace(0.1));
        var before = SpanMaker.Child(root);
        var failed = SpanMaker.Child(root, span => span.SetStatus(ActivityStatusCode.Error));

        buffer.Add(before);
        buffer.Add(failed);
        buffer.Add(SpanMaker.End(root));

        _released.ShouldBe([before, failed, root]);
        _told.ShouldBe([root.TraceId]);
        root.GetTagItem("whispermesh.sampled_by").ShouldBe("failed");
        buffer.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(1.9, 0, false)]
    [InlineData(2.1, 0, true)]
    [InlineData(62.1, 60, true)]
    [InlineData(61.9, 60, false)]
    [InlineData(30, 600, false)]
    public void Add_RequestEnds_IsSlowBeyondItsAudio(double seconds, double audioSeconds, bool kept)
    {
        var buffer = Create();
        var root = SpanMaker.Root(SpanMaker.Trace(0.1));
        if (audioSeconds > 0)
        {
            buffer.Add(SpanMaker.Child(root, span => span.SetTag("whispermesh.audio_seconds", audioSeconds)));
        }

        buffer.Add(SpanMaker.End(root, TimeSpan.FromSeconds(seconds)));

        _released.Contains(root).ShouldBe(kept);
        (root.GetTagItem("whispermesh.sampled_by") as string).ShouldBe(kept ? "slow" : null);
    }

    [Theory]
    [InlineData("ok", false)]
    [InlineData("suspected_loop", true)]
    public void Add_Verdict_KeepsWhatIsDoubtful(string verdict, bool kept)
    {
        var buffer = Create();
        var root = SpanMaker.Root(SpanMaker.Trace(0.1));

        buffer.Add(SpanMaker.Child(root, span => span.SetTag("whispermesh.verdict", verdict)));
        buffer.Add(SpanMaker.End(root));

        _released.Count.ShouldBe(kept ? 2 : 0);
    }

    [Fact]
    public void Keep_OtherProcessSaysSo_ReleasesWhatIsHeldAndWhatComes()
    {
        var buffer = Create();
        var root = SpanMaker.Root(SpanMaker.Trace(0.1));
        var early = SpanMaker.Child(root);
        buffer.Add(early);

        buffer.Keep(root.TraceId);
        _released.ShouldBe([early]);

        buffer.Add(SpanMaker.End(root));
        _released.ShouldBe([early, root]);
        root.GetTagItem("whispermesh.sampled_by").ShouldBe("told");
        _told.ShouldBeEmpty();
    }

    [Fact]
    public void Keep_BeforeAnySpan_ReleasesThemAsTheyEnd()
    {
        var buffer = Create();
        var root = SpanMaker.Root(SpanMaker.Trace(0.1));

        buffer.Keep(root.TraceId);
        buffer.Add(SpanMaker.End(root));

        _released.ShouldBe([root]);
    }

    [Fact]
    public void Keep_WithinTheGrace_ReleasesAndAfterItDoesNot()
    {
        var buffer = Create();
        var (first, second) = (SpanMaker.Root(SpanMaker.Trace(0.1)), SpanMaker.Root(SpanMaker.Trace(0.2)));
        buffer.Add(SpanMaker.End(first));
        _time.Advance(Grace - TimeSpan.FromSeconds(1));
        buffer.Add(SpanMaker.End(second));

        _time.Advance(TimeSpan.FromSeconds(1));
        buffer.Add(SpanMaker.End(SpanMaker.Root(SpanMaker.Trace(0.3))));
        buffer.Keep(first.TraceId);
        buffer.Keep(second.TraceId);

        _released.ShouldBe([second]);
    }

    [Fact]
    public void Add_RequestRunsLongerThanTheGrace_IsHeldAllTheWhile()
    {
        var buffer = Create();
        var root = SpanMaker.Root(SpanMaker.Trace(0.1));
        var early = SpanMaker.Child(root);
        buffer.Add(early);

        _time.Advance(Grace * 100);
        buffer.Add(SpanMaker.End(root, Slow * 2));

        _released.ShouldBe([early, root]);
    }

    [Fact]
    public void Add_MoreSpansThanATraceMayHave_LosesTheOldest()
    {
        var buffer = Create(maxSpansPerTrace: 10);
        var root = SpanMaker.Root(SpanMaker.Trace(0.1));
        var children = Enumerable.Range(0, 15).Select(_ => SpanMaker.Child(root)).ToList();
        children.ForEach(buffer.Add);

        buffer.Add(SpanMaker.End(root, Slow * 2));

        _released.ShouldBe([.. children.Skip(6), root]);
    }

    [Fact]
    public void Add_NoRoomForAll_EndedTracesGoBeforeRunningOnes()
    {
        var buffer = Create(maxSpans: 100);
        var running = SpanMaker.Root(SpanMaker.Trace(0.1));
        var step = SpanMaker.Child(running);
        buffer.Add(step);
        for (var i = 0; i < 200; i++)
        {
            buffer.Add(SpanMaker.End(SpanMaker.Root(SpanMaker.Trace(0.2))));
        }

        buffer.Count.ShouldBe(100);
        buffer.Add(SpanMaker.End(running, Slow * 2));

        _released.ShouldBe([step, running]);
    }

    private TraceBuffer Create(double ratio = 0, int maxSpans = 1000, int maxSpansPerTrace = 50)
    {
        var options = new SamplingOptions
        {
            Ratio = ratio,
            Slow = Slow,
            Grace = Grace,
            MaxSpans = maxSpans,
            MaxSpansPerTrace = maxSpansPerTrace,
        };
        var buffer = new TraceBuffer(options, _time, new SamplingMetrics(_services.GetRequiredService<IMeterFactory>()));
        buffer.Released += _released.Add;
        buffer.Kept += _told.Add;
        return buffer;
    }
}
