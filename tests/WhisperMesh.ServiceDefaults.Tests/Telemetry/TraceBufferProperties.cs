using System.Diagnostics;
using System.Diagnostics.Metrics;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.ServiceDefaults.Telemetry.Sampling;

namespace WhisperMesh.ServiceDefaults.Tests.Telemetry;

/// <summary>What holds whatever spans come in whatever order.</summary>
public sealed class TraceBufferProperties : IDisposable
{
    private const int Traces = 8;

    private static readonly SamplingOptions Options = new()
    {
        Ratio = 0.25,
        Slow = TimeSpan.FromSeconds(2),
        Grace = TimeSpan.FromSeconds(10),
        MaxSpans = 20,
        MaxSpansPerTrace = 6,
    };

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (6, from trace in Gen.Choose(0, Traces - 1) select new Step(StepKind.Child, trace)),
        (2, from trace in Gen.Choose(0, Traces - 1) select new Step(StepKind.Request, trace)),
        (1, from trace in Gen.Choose(0, Traces - 1) select new Step(StepKind.FailedChild, trace)),
        (1, from trace in Gen.Choose(0, Traces - 1) select new Step(StepKind.SlowRequest, trace)),
        (1, from trace in Gen.Choose(0, Traces - 1) select new Step(StepKind.Told, trace)),
        (2, from seconds in Gen.Choose(1, 12) select new Step(StepKind.Wait, seconds)));

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private enum StepKind
    {
        Child,
        FailedChild,
        Request,
        SlowRequest,
        Told,
        Wait,
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Buffer_AnySpans_StaysBoundedAndReleasesEachOnceAndOfKeptTracesAllThatFollows() => Prop.ForAll(
        Steps.ListOf().ToArbitrary(),
        steps =>
        {
            var time = new FakeTimeProvider();
            var buffer = new TraceBuffer(Options, time, new SamplingMetrics(_services.GetRequiredService<IMeterFactory>()));
            var ids = Enumerable.Range(0, Traces).Select(index => SpanMaker.Trace((index + 0.5) / Traces)).ToList();
            var released = new List<Activity>();
            var kept = new HashSet<ActivityTraceId>(ids.Where(id => TraceRatio.Keeps(id, Options.Ratio)));
            buffer.Released += released.Add;
            buffer.Kept += id => kept.Add(id).ShouldBeTrue();
            foreach (var step in steps)
            {
                if (step.Kind == StepKind.Wait)
                {
                    time.Advance(TimeSpan.FromSeconds(step.Argument));
                    continue;
                }

                if (step.Kind == StepKind.Told)
                {
                    buffer.Keep(ids[step.Argument]);
                    kept.Add(ids[step.Argument]);
                    continue;
                }

                var span = Make(step.Kind, ids[step.Argument]);
                buffer.Add(span);

                buffer.Count.ShouldBeLessThanOrEqualTo(Options.MaxSpans);
                released.Contains(span).ShouldBe(kept.Contains(span.TraceId));
            }

            released.ShouldBeUnique();
            released.ShouldAllBe(span => kept.Contains(span.TraceId));
            foreach (var spans in released.GroupBy(span => span.TraceId))
            {
                spans.Select(span => (int)span.GetTagItem("order")!).ShouldBeInOrder();
            }
        }).QuickCheckThrowOnFailure();

    private int _order;

    private Activity Make(StepKind kind, ActivityTraceId trace)
    {
        var root = SpanMaker.Root(trace);
        var span = kind switch
        {
            StepKind.Child => SpanMaker.Child(root),
            StepKind.FailedChild => SpanMaker.Child(root, child => child.SetStatus(ActivityStatusCode.Error)),
            StepKind.SlowRequest => SpanMaker.End(root, Options.Slow * 2),
            _ => SpanMaker.End(root),
        };
        span.SetTag("order", _order++);
        return span;
    }

    private sealed record Step(StepKind Kind, int Argument);
}
