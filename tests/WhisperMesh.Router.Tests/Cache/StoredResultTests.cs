using System.Diagnostics;
using WhisperMesh.Router.Cache;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Cache;

public sealed class StoredResultTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(1, true, false)]
    [InlineData(200, true, true)]
    public void Read_WhatWasWritten_IsTheSameResult(int segments, bool words, bool tokens)
    {
        var trace = words ? new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded) : default;
        var stored = StoredResult.Of(Transcript(segments), new ResultDetail(words, tokens), Now, trace)!;

        var read = StoredResult.Read(stored.ToBytes())!;

        read.Segments.ShouldBe(stored.Segments);
        (read.Summary, read.Detail, read.StoredAt).ShouldBe((stored.Summary, stored.Detail, stored.StoredAt));
        read.Trace.ShouldBe(trace);
    }

    [Fact]
    public void Of_Summary_LeavesOutWhatIsOneRequests()
    {
        var stored = StoredResult.Of(Transcript(1), default, Now)!;

        (stored.Summary.RequestId, stored.Summary.Attempt, stored.Summary.Timings).ShouldBe(("", 0, null));
        stored.Summary.Work.ShouldBeNull();
        (stored.Summary.WorkerVersion, stored.Summary.ModelRevision).ShouldBe(("1.0", "r1"));
        stored.Summary.Warnings.ShouldBe(["The file was cut short."]);
    }

    [Fact]
    public void Of_NoSummary_IsNoResult() => StoredResult.Of(Transcript(2).SkipLast(1), default, Now).ShouldBeNull();

    [Fact]
    public void ToBytes_LongTranscript_IsSmallerThanItsSegments() =>
        StoredResult.Of(Transcript(200), default, Now)!.ToBytes().Length
            .ShouldBeLessThan(Transcript(200).Sum(message => message.CalculateSize()) / 2);

    [Fact]
    public void Read_Damaged_IsNoResult()
    {
        var whole = StoredResult.Of(Transcript(200), default, Now)!.ToBytes();

        StoredResult.Read([]).ShouldBeNull();
        StoredResult.Read(whole[..^40]).ShouldBeNull();
        StoredResult.Read([99, .. whole[1..]]).ShouldBeNull();
        StoredResult.Read([whole[0], 0, .. whole[2..]]).ShouldBeNull();
    }

    private static List<StreamTranscribeResponse> Transcript(int segments)
    {
        var config = new TranscriptionConfig { RequestId = "r1", Attempt = 2, Model = "whisper-base" };
        var summary = Events.Summary(config, "one", segments);
        summary.Summary.Timings = new TranscriptionTimings();
        summary.Summary.Work = new TranscriptionWork { WindowCount = 3 };
        (summary.Summary.WorkerVersion, summary.Summary.ModelRevision) = ("1.0", "r1");
        summary.Summary.Warnings.Add("The file was cut short.");
        return
        [
            Events.Started("r1", "one"),
            .. Enumerable.Range(0, segments).Select(i => Events.Segment(i, i, 1, $"Words of segment {i}, which differ.")),
            summary,
        ];
    }
}
