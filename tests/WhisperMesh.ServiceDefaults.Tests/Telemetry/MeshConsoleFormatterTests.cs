using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.ServiceDefaults.Telemetry.Logs;

namespace WhisperMesh.ServiceDefaults.Tests.Telemetry;

public sealed class MeshConsoleFormatterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 28, 9, 8, 7, 65, TimeSpan.Zero));

    [Fact]
    public void Write_OutsideOfATrace_IsOneLine()
    {
        Activity.Current = null;

        Write("Ready").ShouldBe($"2026-11-28T09:08:07.065Z warn Some.Category[7] Ready{Environment.NewLine}");
    }

    [Fact]
    public void Write_WithinATrace_NamesIt()
    {
        using var span = SpanMaker.Root(ActivityTraceId.CreateRandom());

        Write("Ready").ShouldEndWith($"] Ready trace={span.TraceId} span={span.SpanId}{Environment.NewLine}");
    }

    [Fact]
    public void Write_LineBreaksOfACaller_PassForNoOtherLog()
    {
        Activity.Current = null;

        var lines = Write("a\r\n2026-11-28T09:08:07.065Z info Forged[0] b\nc").TrimEnd().Split(Environment.NewLine);

        lines.Length.ShouldBe(3);
        lines.Skip(1).ShouldAllBe(line => line.StartsWith("      ", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_Exception_FollowsIndented()
    {
        Activity.Current = null;

        var lines = Write("Failed", new InvalidOperationException("first\nsecond")).TrimEnd().Split(Environment.NewLine);

        lines[0].ShouldEndWith("] Failed");
        lines[1].ShouldBe("      System.InvalidOperationException: first");
        lines[2].ShouldBe("      second");
    }

    private string Write(string message, Exception? exception = null)
    {
        using var writer = new StringWriter();
        new MeshConsoleFormatter(_time).Write(
            new LogEntry<string>(LogLevel.Warning, "Some.Category", new EventId(7), message, exception, (state, _) => state),
            scopeProvider: null,
            writer);
        return writer.ToString();
    }
}
